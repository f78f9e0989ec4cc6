import type { ConnectionId } from '../../contract/ids.ts';
import type { Connections } from '../connections/connections.ts';
import type { Credentials } from '../connections/credentials.ts';
import type { Demonstration, Surroundings } from '../ports/surroundings.ts';

interface Opened {
  readonly demonstration: Demonstration;
  readonly ids: readonly ConnectionId[];
}

/** The demonstration clusters and their connections, which live in this run only. Opening twice is opening once. */
export class DemonstrationSession {
  #opened: Promise<Opened> | undefined;

  constructor(
    private readonly surroundings: Pick<Surroundings, 'startDemonstration'>,
    private readonly connections: Connections,
    private readonly credentials: Credentials,
  ) {}

  async open(): Promise<readonly ConnectionId[]> {
    this.#opened ??= this.#start();
    try {
      const { ids } = await this.#opened;
      return ids.filter((id) => this.connections.find(id) !== undefined);
    } catch (error) {
      this.#opened = undefined;
      throw error;
    }
  }

  /** Takes the connections away, then ends the clusters; harmless when none are open. */
  async close(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    this.#opened = undefined;
    if (opened === undefined) return;
    for (const id of opened.ids) if (this.connections.find(id) !== undefined) await this.connections.remove(id);
    await opened.demonstration.close();
  }

  async #start(): Promise<Opened> {
    const demonstration = await this.surroundings.startDemonstration();
    const ids = demonstration.connections.map((each) =>
      this.connections.addTransient(each.settings(this.credentials.lend(each.secret))),
    );
    return { demonstration, ids };
  }
}
