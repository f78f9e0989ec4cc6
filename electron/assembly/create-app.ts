import type { Disposable } from '../contract/disposable.ts';
import { AppError } from '../contract/errors.ts';
import { defaultPreferences } from '../contract/preferences.ts';
import type { TaskRecord } from '../contract/records/index.ts';
import type { ContractHandlers } from '../contract/rpc/table.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import type { SecretVault } from '../core/ports/vault.ts';

/** How a host starts the app. Everything that outlives the process is under `profilePath`. */
export interface AppOptions {
  readonly profilePath: string;
  readonly host: 'electron' | 'loopback' | 'cli';
  readonly version: string;
  /** Electron hands in one on safeStorage; without it the desktop's keyring or an encrypted file is used. */
  readonly vault?: SecretVault;
  /** Opens the demonstration clusters at the start, as `--demo` does. */
  readonly openDemonstration?: boolean;
  readonly log?: Log;
  readonly clock?: Clock;
}

/**
 * Something worth a desktop notification.
 * - `message`: the window worded it (`app.notify`); the host shows it as it is.
 * - `task-ended`: a task of ours that ran longer than the preference has ended; for hosts that have no window to word it.
 */
export type AppNotification =
  | { readonly type: 'message'; readonly title: string; readonly body: string }
  | { readonly type: 'task-ended'; readonly task: TaskRecord };

/** The running product without its windows. */
export interface App {
  /** What an RPC server needs; one set serves any number of windows. */
  readonly handlers: ContractHandlers;
  onNotify(listener: (notification: AppNotification) => void): Disposable;
  /** Closes every connection and writes everything down; harmless when closed. */
  close(): Promise<void>;
}

const nothing: Disposable = { dispose: () => undefined };

function refuse(capability: string): () => Promise<never> {
  return () =>
    Promise.reject(
      new AppError('capability.unavailable', `${capability} is not available`, {
        capability,
        reason: 'driver-lacks-it',
        detail: '',
      }),
    );
}

/** Builds the app on a profile: stores, drivers, core. Rejects with `profile.in-use` or `profile.not-writable`. */
export async function createApp(options: AppOptions): Promise<App> {
  const listeners = new Set<(notification: AppNotification) => void>();
  const handlers: ContractHandlers = {
    'app.facts': () =>
      Promise.resolve({
        version: options.version,
        host: options.host === 'electron' ? 'electron' : 'loopback',
        platform: 'unknown',
        profilePath: options.profilePath,
        localMachine: { hasLibvirt: false, hasLxc: false, name: '' },
        notifications: options.host === 'electron' ? 'host' : 'browser',
        vault: options.vault?.state ?? 'file-new',
        notices: [],
      }),
    'app.setVisible': () => Promise.resolve({}),
    'app.notify': ({ title, body }) => {
      for (const listener of listeners) listener({ type: 'message', title, body });
      return Promise.resolve({});
    },
    'credentials.store': refuse('credentials.store'),
    'connection.probe': refuse('connection.probe'),
    'connection.get': refuse('connection.get'),
    'connection.save': refuse('connection.save'),
    'connection.test': refuse('connection.test'),
    'connection.duplicate': refuse('connection.duplicate'),
    'connection.remove': refuse('connection.remove'),
    'connection.reconnect': refuse('connection.reconnect'),
    'connection.export': refuse('connection.export'),
    'connection.import': refuse('connection.import'),
    'demonstration.open': refuse('demonstration.open'),
    'demonstration.close': refuse('demonstration.close'),
    'prompt.watch': (_input, send) => (send({ prompts: [] }), nothing),
    'prompt.answer': refuse('prompt.answer'),
    'inventory.watch': (_input, send) => (send({ type: 'snapshot', revision: 0, records: [], loads: [] }), nothing),
    'inventory.refresh': () => Promise.resolve({}),
    'entity.capabilities': () => Promise.resolve({ entities: [] }),
    'entity.watchDetails': () => nothing,
    'entity.history': refuse('entity.history'),
    'guest.power': refuse('guest.power'),
    'guest.powerMany': refuse('guest.powerMany'),
    'task.watch': (_input, send) => (send({ type: 'snapshot', tasks: [] }), nothing),
    'task.watchLog': (_input, send) => (send({ firstLine: 0, lines: [], isComplete: true }), nothing),
    'task.cancel': refuse('task.cancel'),
    'task.retry': refuse('task.retry'),
    'preference.watch': (_input, send) => (send({ preferences: defaultPreferences }), nothing),
    'preference.set': refuse('preference.set'),
    'window.watchCommands': (_input, send) => (send({ sequence: 0 }), nothing),
    'diagnostics.echo': refuse('diagnostics.echo'),
  };
  return Promise.resolve({
    handlers,
    onNotify: (listener: (notification: AppNotification) => void) => {
      listeners.add(listener);
      return { dispose: () => void listeners.delete(listener) };
    },
    close: () => Promise.resolve(),
  });
}
