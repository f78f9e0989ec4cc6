import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InventoryFrame } from '../contract/inventory.ts';
import type { CallContext } from '../contract/rpc/ports.ts';
import { contract } from '../contract/rpc/table.ts';
import { createApp, type App, type AppNotification } from './create-app.ts';

const context: CallContext = { signal: new AbortController().signal, rendererId: 'window-1' };

describe('createApp', () => {
  let profilePath: string;
  const apps: App[] = [];

  const start = async (): Promise<App> => {
    const app = await createApp({ profilePath, host: 'loopback', version: '0.0.0' });
    apps.push(app);
    return app;
  };

  beforeEach(async () => {
    profilePath = await mkdtemp(join(tmpdir(), 'wheelhouse-app-'));
  });
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close();
    await rm(profilePath, { recursive: true, force: true });
  });

  it('answers every entry of the contract', async () => {
    const app = await start();
    expect(Object.keys(app.handlers).sort()).toEqual(Object.keys(contract).sort());
  });

  it('refuses a second window on the same profile, and opens again after the first is closed', async () => {
    const app = await start();
    await expect(start()).rejects.toMatchObject({ code: 'profile.in-use' });
    await app.close();
    await app.close();
    await expect(start()).resolves.toBeDefined();
  });

  it('keeps connections and preferences over a restart', async () => {
    const app = await start();
    const { id } = await app.handlers['connection.save'](
      {
        settings: {
          name: 'Lab',
          group: 'Berlin/Racks',
          isEnabled: false,
          access: { kind: 'local', privilege: 'none' },
        },
      },
      context,
    );
    await app.handlers['preference.set']({ change: { theme: 'dark' } }, context);
    await app.close();
    const again = await start();
    const frames: InventoryFrame[] = [];
    again.handlers['inventory.watch']({}, (frame) => frames.push(frame), context).dispose();
    expect(frames).toMatchObject([
      { type: 'snapshot', records: [{ kind: 'connection', connectionId: id, state: 'disabled' }] },
    ]);
    const themes: string[] = [];
    again.handlers['preference.watch']({}, ({ preferences }) => themes.push(preferences.theme), context).dispose();
    expect(themes).toEqual(['dark']);
  });

  it('hands the words of a window to the desktop', async () => {
    const app = await start();
    const told: AppNotification[] = [];
    app.onNotify((notification) => told.push(notification));
    await app.handlers['app.notify']({ title: 'Backup of db1', body: 'ended' }, context);
    expect(told).toEqual([{ type: 'message', title: 'Backup of db1', body: 'ended' }]);
  });
});
