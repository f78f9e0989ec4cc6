import type { GuestPowerAction } from '../../../contract/rpc/table.ts';
import { guestPath, type GuestPlace } from './reads.ts';
import type { PveCommand } from './request.ts';

const verbs: { readonly [Action in GuestPowerAction]: string } = {
  start: 'start',
  shutdown: 'shutdown',
  stop: 'stop',
  reboot: 'reboot',
  reset: 'reset',
  suspend: 'suspend',
  resume: 'resume',
  hibernate: 'suspend',
};

/**
 * `POST .../status/<verb>`; PVE answers with the UPID of the worker. `suspend` without `todisk` keeps the memory (pause).
 */
export function changePower(guest: GuestPlace, action: GuestPowerAction): PveCommand {
  return {
    method: 'POST',
    path: `${guestPath(guest)}/status/${verbs[action]}`,
    form: action === 'hibernate' ? [['todisk', '1']] : [],
  };
}
