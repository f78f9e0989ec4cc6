export { openSshLink, type OpenedSshLink } from './open-ssh-link.ts';
export { probeSsh, type SshProbe } from './probe-ssh.ts';
export { findSshConfigEntry, type SshConfigEntry } from './ssh-config-file.ts';
export type { AcceptedHostKey, RememberedSecret, SshOpenOptions } from './sign-in-help.ts';
