import {
  connectionExportSchema,
  type ConnectionExport,
  type ConnectionSettings,
} from '../../contract/connection-settings.ts';
import { AppError } from '../../contract/errors.ts';
import { mapCredentials } from './access-changes.ts';

/** Connections in the form in which they leave the profile: no secret, and no name of one. */
export function toConnectionExport(settings: readonly ConnectionSettings[]): ConnectionExport {
  return { format: 'wheelhouse-connections', version: 1, connections: settings.map(withoutCredentials) };
}

/**
 * Reads an exported file. Rejects what is not one with `input.invalid` and the path of each fault. References in the file
 * are ignored: a file from elsewhere must not be able to name a secret of this profile.
 */
export function parseConnectionExport(text: string): readonly ConnectionSettings[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw invalid([{ path: '', message: error instanceof Error ? error.message.slice(0, 200) : 'not JSON' }]);
  }
  const result = connectionExportSchema.safeParse(parsed);
  if (!result.success)
    throw invalid(result.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })));
  return result.data.connections.map(withoutCredentials);
}

function withoutCredentials(settings: ConnectionSettings): ConnectionSettings {
  return { ...settings, access: mapCredentials(settings.access, () => undefined) };
}

function invalid(issues: readonly { path: string; message: string }[]): AppError {
  return new AppError('input.invalid', 'not a file of exported connections', { issues });
}
