export { HttpsLink, type HttpsLinkOptions } from './https-link.ts';
export { probePve, probeTls, type PveProbe } from './probe.ts';
