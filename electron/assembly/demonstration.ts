import { AppError } from '../contract/errors.ts';
import type { Demonstration } from '../core/ports/surroundings.ts';

/** Starts the demonstration clusters in this process and says how to connect to them. */
export function startDemonstration(): Promise<Demonstration> {
  return Promise.reject(
    new AppError('capability.unavailable', 'no demonstration', {
      capability: 'demonstration.open',
      reason: 'driver-lacks-it',
      detail: '',
    }),
  );
}
