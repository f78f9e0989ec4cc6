import type { ConnectionId } from '../../contract/ids.ts';
import type { Estate } from '../estate.ts';

/** Connections that the user has not switched off. */
export async function enabledConnections(estate: Estate): Promise<readonly ConnectionId[]> {
  const all = await Promise.all(
    estate.connections().map(async ({ connectionId, isDemonstration }) => {
      if (isDemonstration) return [connectionId];
      const { settings } = await estate.handlers['connection.get']({ id: connectionId }, estate.context);
      return settings.isEnabled ? [connectionId] : [];
    }),
  );
  return all.flat();
}
