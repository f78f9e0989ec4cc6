import { z } from 'zod';
import {
  connectionSettingsSchema,
  connectionExportSchema,
  credentialRefSchema,
  probeResultSchema,
  promptAnswerSchema,
  promptSchema,
  savedConnectionSchema,
  testStageSchema,
} from '../connection-settings.ts';
import { errorShapeSchema } from '../errors.ts';
import { inventoryFrameSchema, squashInventoryFrames, squashTaskFrames, taskFrameSchema } from '../inventory.ts';
import { preferencesSchema } from '../preferences.ts';
import {
  connectionIdSchema,
  entityCapabilitiesSchema,
  entityDetailsSchema,
  entityHistorySchema,
  entityIdSchema,
  historyWindows,
} from '../records/index.ts';
import { windowCommandFrameSchema } from '../window-commands.ts';
import { channel, request, stream, type FrameOf, type InputOf, type NamesOf, type OutputOf } from './shapes.ts';
import type { RpcClient, RpcHandlers } from './ports.ts';

/** Raised whenever an entry changes its meaning; both sides must have the same. */
export const contractVersion = 1;

const nothing = z.object({});
const latest = <T>(_earlier: T, later: T): T => later;

export const guestPowerActions = [
  'start',
  'shutdown',
  'stop',
  'reboot',
  'reset',
  'suspend',
  'resume',
  'hibernate',
] as const;
/** shut down: the guest is asked. stop: the power is cut. reboot: the guest is asked. reset: the button. suspend: kept in memory. hibernate: saved to disk. */
export type GuestPowerAction = (typeof guestPowerActions)[number];

const appFactsSchema = z.object({
  version: z.string(),
  host: z.enum(['electron', 'loopback']),
  platform: z.string(),
  profilePath: z.string(),
  /** What was found on this machine; the welcome page offers it. */
  localMachine: z.object({ hasLibvirt: z.boolean(), hasLxc: z.boolean(), name: z.string() }),
  /** `host`: the app shows them itself (`app.notify`); `browser`: the window uses the browser's. */
  notifications: z.enum(['host', 'browser']),
  vault: z.enum(['keyring', 'file-locked', 'file-unlocked', 'file-new']),
  /** Things the user should know about this start, e.g. a store that was unreadable and kept aside. */
  notices: z.array(errorShapeSchema),
});
export type AppFacts = z.infer<typeof appFactsSchema>;

const noticeSchema = z.object({ atMs: z.number(), error: errorShapeSchema });
/** Something that the user should know, and when it came up. */
export type AppNotice = z.infer<typeof noticeSchema>;

const taskRefSchema = z.object({ taskId: entityIdSchema });

/** The log of a task from `firstLine` on. */
const taskLogFrameSchema = z.object({ firstLine: z.number(), lines: z.array(z.string()), isComplete: z.boolean() });

/** Every method between window and core. */
export const contract = {
  'app.facts': request(nothing, appFactsSchema),
  /** Trouble that comes up while the app runs, e.g. a disk that is full; and what `app.facts` said of the start. Newest last, some of the last. */
  'app.watchNotices': stream(nothing, z.object({ notices: z.array(noticeSchema) }), latest),
  /** A hidden window is polled for less often. */
  'app.setVisible': request(z.object({ isVisible: z.boolean() }), nothing),
  /** Shows a desktop notification where the host does it. */
  'app.notify': request(z.object({ title: z.string().max(200), body: z.string().max(1000) }), nothing),

  /** The only method that carries a secret; `once` is forgotten after its first use, `keep` goes into the vault. */
  'credentials.store': request(
    z.object({ secret: z.string().min(1).max(65536), keep: z.enum(['once', 'keep']) }),
    z.object({ ref: credentialRefSchema }),
  ),

  'connection.probe': request(
    z.object({ host: z.string().min(1).max(300), port: z.number().int().min(1).max(65535).optional() }),
    probeResultSchema,
  ),
  'connection.get': request(z.object({ id: connectionIdSchema }), savedConnectionSchema),
  /** Adds (without id) or changes a connection and opens it. */
  'connection.save': request(
    z.object({ id: connectionIdSchema.optional(), settings: connectionSettingsSchema }),
    z.object({ id: connectionIdSchema }),
  ),
  /** Goes through the stages without saving anything. */
  'connection.test': request(
    z.object({ settings: connectionSettingsSchema }),
    z.object({ stages: z.array(testStageSchema) }),
  ),
  'connection.duplicate': request(z.object({ id: connectionIdSchema }), z.object({ id: connectionIdSchema })),
  /** Forgets the connection, its records, its pins and its secrets. */
  'connection.remove': request(z.object({ id: connectionIdSchema }), nothing),
  /** Tries again now, whatever the back-off says. */
  'connection.reconnect': request(z.object({ id: connectionIdSchema }), nothing),
  'connection.export': request(z.object({ ids: z.array(connectionIdSchema) }), connectionExportSchema),
  'connection.import': request(
    z.object({ text: z.string().max(4_000_000) }),
    z.object({ ids: z.array(connectionIdSchema) }),
  ),
  /** Opens the demonstration clusters inside this app and connects to them. */
  'demonstration.open': request(nothing, z.object({ ids: z.array(connectionIdSchema) })),
  'demonstration.close': request(nothing, nothing),

  /** All open questions of all connections. */
  'prompt.watch': stream(nothing, z.object({ prompts: z.array(promptSchema) }), latest),
  'prompt.answer': request(z.object({ promptId: z.string(), answer: promptAnswerSchema }), nothing),

  'inventory.watch': stream(nothing, inventoryFrameSchema, squashInventoryFrames),
  /** Reads one connection again at once (all of them without id). */
  'inventory.refresh': request(z.object({ id: connectionIdSchema.optional() }), nothing),

  'entity.capabilities': request(
    z.object({ ids: z.array(entityIdSchema).min(1).max(10_000) }),
    z.object({ entities: z.array(entityCapabilitiesSchema) }),
  ),
  /** The details of one entity, now and whenever they change, while the stream is open. */
  'entity.watchDetails': stream(
    z.object({ id: entityIdSchema }),
    z.object({ details: entityDetailsSchema.optional(), error: errorShapeSchema.optional() }),
    latest,
  ),
  'entity.history': request(z.object({ id: entityIdSchema, window: z.enum(historyWindows) }), entityHistorySchema),

  'guest.power': request(z.object({ id: entityIdSchema, action: z.enum(guestPowerActions) }), taskRefSchema),
  /** Several guests as one bulk task with a child for each; partial failures stay with their guest. */
  'guest.powerMany': request(
    z.object({ ids: z.array(entityIdSchema).min(1).max(10_000), action: z.enum(guestPowerActions) }),
    taskRefSchema,
  ),

  'task.watch': stream(nothing, taskFrameSchema, squashTaskFrames),
  'task.watchLog': stream(z.object({ id: entityIdSchema }), taskLogFrameSchema, (earlier, later) =>
    later.firstLine === earlier.firstLine + earlier.lines.length
      ? { firstLine: earlier.firstLine, lines: [...earlier.lines, ...later.lines], isComplete: later.isComplete }
      : later,
  ),
  'task.cancel': request(z.object({ id: entityIdSchema }), nothing),
  'task.retry': request(z.object({ id: entityIdSchema }), taskRefSchema),

  'preference.watch': stream(nothing, z.object({ preferences: preferencesSchema }), latest),
  /** Changes the named keys; the others stay. */
  'preference.set': request(z.object({ change: preferencesSchema.partial() }), nothing),

  /** Commands of the host's native menu; a host without a menu sends the first frame only. */
  'window.watchCommands': stream(nothing, windowCommandFrameSchema, latest),

  /** Sends back what it gets; proves the byte channel of a host from end to end. */
  'diagnostics.echo': channel(nothing),
} as const;

export type Contract = typeof contract;
export type ContractClient = RpcClient<Contract>;
export type ContractHandlers = RpcHandlers<Contract>;
export type RequestName = NamesOf<Contract, 'request'>;
export type StreamName = NamesOf<Contract, 'stream'>;
export type ContractInput<Name extends keyof Contract> = InputOf<Contract, Name>;
export type ContractOutput<Name extends keyof Contract> = OutputOf<Contract, Name>;
export type ContractFrame<Name extends keyof Contract> = FrameOf<Contract, Name>;
