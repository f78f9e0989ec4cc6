import type { ConnectionId } from '../../../electron/contract/ids.ts';
import type { ContractClient } from '../../../electron/contract/rpc/table.ts';

type Client = Pick<ContractClient, 'request'>;

/** Switches a connection on or off without touching anything else. */
export async function setEnabled(client: Client, id: ConnectionId, isEnabled: boolean): Promise<void> {
  const { settings } = await client.request('connection.get', { id });
  await client.request('connection.save', { id, settings: { ...settings, isEnabled } });
}

/** The chosen connections as the text of a file, without any secret. */
export async function exportText(client: Client, ids: readonly ConnectionId[]): Promise<string> {
  return `${JSON.stringify(await client.request('connection.export', { ids: [...ids] }), null, 2)}\n`;
}

/** Hands a text to the user as a file. */
export function offerFile(name: string, text: string, mediaType: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
