import { z } from 'zod';

/** The verbs that a screen may offer. One name, one answer, one reason. */
export const capabilityNames = [
  'guest.start',
  'guest.shutdown',
  'guest.stop',
  'guest.reboot',
  'guest.reset',
  'guest.suspend',
  'guest.resume',
  'guest.hibernate',
  'guest.configuration',
  'guest.addresses',
  'entity.history',
  'task.list',
  'task.log',
  'task.cancel',
  'console.graphical',
  'console.text',
  'snapshot.create',
  'snapshot.rollback',
  'backup.create',
  'backup.restore',
  'migrate.live',
  'migrate.offline',
  'migrate.export',
  'migrate.import',
] as const;
export type CapabilityName = (typeof capabilityNames)[number];

export const unavailableReasons = [
  /** No implementation in the driver of this kind of connection. */
  'driver-lacks-it',
  /** The host is too old, or a tool is not installed there; `detail` names it. */
  'host-lacks-it',
  /** The account may not; `detail` says which privilege on which path. */
  'permission-missing',
  /** The entity is in a state that forbids it; `detail` is the state. */
  'state-forbids-it',
  /** The host holds a lock; `detail` is the lock. */
  'locked',
  /** The connection is offline, blocked or not opened yet. */
  'connection-not-ready',
] as const;
export type UnavailableReason = (typeof unavailableReasons)[number];

/** Whether something can be done now, and if not, why. */
export type Availability =
  | { readonly available: true }
  | { readonly available: false; readonly reason: UnavailableReason; readonly detail: string };

export const availabilitySchema: z.ZodType<Availability> = z.discriminatedUnion('available', [
  z.object({ available: z.literal(true) }),
  z.object({ available: z.literal(false), reason: z.enum(unavailableReasons), detail: z.string() }),
]);

export const available: Availability = { available: true };

/** The answer "no", with its reason. */
export function unavailable(reason: UnavailableReason, detail = ''): Availability {
  return { available: false, reason, detail };
}
