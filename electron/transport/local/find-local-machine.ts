import { access, constants } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** What this machine could offer as a connection. */
export interface LocalMachine {
  readonly hasLibvirt: boolean;
  readonly hasLxc: boolean;
  readonly name: string;
}

/** Looks for the tools themselves, without running any. The sbin folders are added: a desktop user's PATH may lack them. */
export async function findLocalMachine(
  searchPath: string = `${process.env['PATH'] ?? ''}${path.delimiter}/usr/sbin${path.delimiter}/sbin`,
): Promise<LocalMachine> {
  const folders = searchPath.split(path.delimiter).filter((folder) => folder !== '');
  const has = async (program: string) =>
    (await Promise.all(folders.map((folder) => isExecutable(path.join(folder, program))))).includes(true);
  const [hasLibvirt, hasLxc] = await Promise.all([has('virsh'), has('lxc-ls')]);
  return { hasLibvirt, hasLxc, name: os.hostname() };
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
