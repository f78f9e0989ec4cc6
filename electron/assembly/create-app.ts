import { randomBytes } from 'node:crypto';
import { platform } from 'node:os';
import type { Disposable } from '../contract/disposable.ts';
import type { AppError } from '../contract/errors.ts';
import type { TaskRecord } from '../contract/records/index.ts';
import type { ContractHandlers } from '../contract/rpc/table.ts';
import { contractHandlers } from '../core/api/handlers/contract-handlers.ts';
import { Core } from '../core/core.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import type { Surroundings } from '../core/ports/surroundings.ts';
import type { SecretVault } from '../core/ports/vault.ts';
import { openProfile, type Profile } from '../storage/index.ts';
import { findLocalMachine } from '../transport/local/index.ts';
import { startDemonstration } from './demonstration.ts';
import { nodeClock } from './node-clock.ts';
import { NoticeBoard } from './notice-board.ts';
import { probeAddress } from './probe-address.ts';
import { createSessionOpener } from './session-opener.ts';

/** How a host starts the app. Everything that outlives the process is under `profilePath`. */
export interface AppOptions {
  readonly profilePath: string;
  readonly host: 'electron' | 'loopback' | 'cli';
  readonly version: string;
  /** Electron hands in one on safeStorage; without it the desktop's keyring or an encrypted file is used. */
  readonly vault?: SecretVault;
  /** Opens the demonstration clusters at the start, as `--demo` does. */
  readonly openDemonstration?: boolean;
  /** False: nothing is opened until `connection.reconnect` asks for it. */
  readonly openConnections?: boolean;
  /** Whether somebody answers questions (`prompt.watch`). A window may come later; of a command line it depends on its terminal. */
  readonly canAsk?: boolean;
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
  /** The profile's log, for what the host itself has to say. */
  readonly log?: Log;
  /** Tells the user of trouble that the host itself has, e.g. with its vault. */
  addNotice?(error: AppError): void;
  onNotify(listener: (notification: AppNotification) => void): Disposable;
  /** Closes every connection and writes everything down; harmless when closed. */
  close(): Promise<void>;
}

/**
 * Builds the app on a profile: stores, drivers, core. Shows what was last known at once and waits for no host.
 * Rejects with `profile.in-use` or `profile.not-writable`.
 */
export async function createApp(options: AppOptions): Promise<App> {
  const clock = options.clock ?? nodeClock;
  const board = new NoticeBoard(clock);
  const profile = await openProfile(options.profilePath, {
    role: options.host === 'cli' ? 'tool' : 'window',
    clock,
    onProblem: board.add,
    ...(options.vault === undefined ? {} : { vault: options.vault }),
    ...(options.log === undefined ? {} : { log: options.log }),
  });
  profile.notices.forEach(board.add);
  const core = new Core({
    clock,
    log: profile.log,
    random: (count) => randomBytes(count),
    connections: profile.connections,
    inventory: profile.inventory,
    preferences: profile.preferences,
    vault: profile.vault,
    openSession: createSessionOpener({ clock, log: profile.log }),
    surroundings: surroundingsOf(options, profile, clock, board),
    mayWaitForAnswers: options.canAsk ?? options.host !== 'cli',
    opensConnections: options.openConnections ?? true,
  });
  try {
    await core.start();
    if (options.openDemonstration === true) await core.demonstration.open();
  } catch (error) {
    await core.close();
    await profile.close();
    throw error;
  }
  return runningApp(core, profile, board);
}

function runningApp(core: Core, profile: Profile, board: NoticeBoard): App {
  const listeners = new Set<(notification: AppNotification) => void>();
  const tell = (notification: AppNotification): void => {
    for (const listener of listeners) listener(notification);
  };
  core.onLongTaskEnded((task) => tell({ type: 'task-ended', task }));
  let closing: Promise<void> | undefined;
  return {
    log: profile.log,
    addNotice: board.add,
    handlers: contractHandlers(core, ({ title, body }) => tell({ type: 'message', title, body })),
    onNotify: (listener) => {
      listeners.add(listener);
      return { dispose: () => void listeners.delete(listener) };
    },
    close: () => (closing ??= core.close().then(() => profile.close())),
  };
}

function surroundingsOf(options: AppOptions, profile: Profile, clock: Clock, board: NoticeBoard): Surroundings {
  const isElectron = options.host === 'electron';
  return {
    facts: async () => ({
      version: options.version,
      // The command line answers no window; should one ask all the same, it is told the nearest thing.
      host: isElectron ? 'electron' : 'loopback',
      platform: platform(),
      profilePath: profile.path,
      // Looked for each time: the tools may be installed while the app runs, and looking costs a few file lookups.
      localMachine: await findLocalMachine(),
      notifications: isElectron ? 'host' : 'browser',
      notices: board.notices.map(({ error }) => error),
    }),
    watchNotices: (watcher) => board.watch(watcher),
    probe: (input, signal) => probeAddress({ clock }, input, signal),
    startDemonstration,
  };
}
