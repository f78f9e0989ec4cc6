import { CSPProvider } from '@base-ui/react/csp-provider';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Disposable } from '../../electron/contract/disposable.ts';
import type { ContractClient } from '../../electron/contract/rpc/table.ts';
import { AppStoresProvider, createAppStores, startAppStores, type AppStores } from '../stores/app-stores.tsx';
import { TooltipProvider } from '../ui/tooltip.tsx';
import { App } from './app.tsx';
import '../ui/tokens.css';
import '../ui/base.css';

/** A window that is shown. */
export interface RunningApp extends Disposable {
  readonly stores: AppStores;
}

/** Shows the app in `element` over a client that may still be connecting. */
export function startApp(element: HTMLElement, client: ContractClient): RunningApp {
  const stores = createAppStores(client);
  const running = startAppStores(stores);
  const root = createRoot(element);
  root.render(
    <StrictMode>
      <CSPProvider disableStyleElements>
        <AppStoresProvider stores={stores}>
          <TooltipProvider>
            <App />
          </TooltipProvider>
        </AppStoresProvider>
      </CSPProvider>
    </StrictMode>,
  );
  return {
    stores,
    dispose: () => {
      root.unmount();
      running.dispose();
    },
  };
}
