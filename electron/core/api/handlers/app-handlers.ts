import type { ContractHandlers } from '../../../contract/rpc/table.ts';
import type { Core } from '../../core.ts';

/** Shows a text on the desktop, where the host can. */
export type ShowNotification = (notification: { readonly title: string; readonly body: string }) => void;

type AppHandlers = Pick<
  ContractHandlers,
  | Extract<keyof ContractHandlers, `app.${string}`>
  | Extract<keyof ContractHandlers, `credentials.${string}`>
  | Extract<keyof ContractHandlers, `demonstration.${string}`>
  | Extract<keyof ContractHandlers, `window.${string}`>
>;

/** The app itself: what it is, who looks at it, the secrets it is handed, the clusters it runs for show. */
export function appHandlers(core: Core, notify: ShowNotification): AppHandlers {
  const { credentials, demonstration, ports, visibility } = core;
  return {
    'app.facts': async () => ({ ...(await ports.surroundings.facts()), vault: ports.vault.state }),
    'app.watchNotices': (_input, send) => ports.surroundings.watchNotices((notices) => send({ notices: [...notices] })),
    'app.setVisible': async ({ isVisible }, { rendererId }) => {
      visibility.setVisible(rendererId, isVisible);
      return {};
    },
    'app.notify': async (notification) => {
      notify(notification);
      return {};
    },
    'credentials.store': async ({ secret, keep }) => ({ ref: await credentials.store(secret, keep) }),
    'demonstration.open': async () => ({ ids: [...(await demonstration.open())] }),
    'demonstration.close': async () => {
      await demonstration.close();
      return {};
    },
    // A host with a native menu puts its own handler in this place.
    'window.watchCommands': (_input, send) => {
      send({ sequence: 0 });
      return { dispose: () => undefined };
    },
  };
}
