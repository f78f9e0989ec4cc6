import { homedir } from 'node:os';
import { join } from 'node:path';

/** The platform's own place for what an app keeps: the profile when none is named. */
export function defaultProfilePath(
  platform: NodeJS.Platform = process.platform,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  if (platform === 'win32') return join(environment['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Wheelhouse');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Wheelhouse');
  const dataHome = environment['XDG_DATA_HOME'];
  // The XDG specification asks to ignore relative paths.
  return join(dataHome?.startsWith('/') === true ? dataHome : join(homedir(), '.local', 'share'), 'wheelhouse');
}
