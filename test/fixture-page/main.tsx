import { FixtureCore } from '../../electron/testing/fixture-core.ts';
import { connectInProcess } from '../../electron/testing/in-process-client.ts';
import type { Preferences } from '../../electron/contract/preferences.ts';
import { startApp } from '../../renderer/app/start-app.tsx';

/**
 * The window on a generated estate, without any host: `?guests=5000&troubles&theme=dark&language=de&tick=5000`.
 * `state=loading` never sends an inventory, `state=failed` ends its stream with an error.
 */
const params = new URLSearchParams(location.search);
const core = new FixtureCore({
  guestCount: Number(params.get('guests') ?? '80'),
  withTroubles: params.has('troubles'),
  preferences: {
    theme: (params.get('theme') ?? 'system') as Preferences['theme'],
    language: (params.get('language') ?? 'en') as Preferences['language'],
    treeView: (params.get('view') ?? 'site') as Preferences['treeView'],
    folders: params.has('folders')
      ? [
          { id: 'f1', name: 'On call', members: [] },
          { id: 'f2', name: 'Customer A', parentId: 'f1', members: [] },
          { id: 'f3', name: 'To be retired', members: [] },
        ]
      : [],
    layout: JSON.parse(params.get('layout') ?? '{}') as Preferences['layout'],
  },
});
const tickMs = Number(params.get('tick') ?? '0');
if (tickMs > 0) setInterval(() => core.moveLoads(), tickMs);

const handlers = core.handlers();
const state = params.get('state');
const client = connectInProcess(
  state === 'loading' ? { ...handlers, 'inventory.watch': () => ({ dispose: () => undefined }) } : handlers,
);
const root = document.getElementById('root');
if (root !== null) {
  const app = startApp(root, client);
  app.stores.session.setLink('open');
  Object.assign(window, { fixtureCore: core, fixtureStores: app.stores });
}
