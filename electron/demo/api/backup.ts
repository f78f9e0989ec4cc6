import type { Json } from '../json.ts';
import { runBackup } from '../tasks/backup.ts';
import { startTask } from '../tasks/worker.ts';
import { permissionError } from './errors.ts';
import { signedIn, type Call, type Route } from './route.ts';
import { anyFlag, anyInteger, anyText, naturalNumber, oneOf, onNode } from './rules.ts';

/** Starting a backup: the long task of everyday work. */
export const backupRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/nodes/{node}/vzdump',
    parameters: {
      ...onNode,
      all: anyFlag,
      bwlimit: naturalNumber,
      compress: oneOf('0', '1', 'gzip', 'lzo', 'zstd'),
      dumpdir: anyText,
      exclude: anyText,
      'exclude-path': anyText,
      fleecing: anyText,
      ionice: { ...naturalNumber, maximum: 8 },
      'job-id': anyText,
      lockwait: naturalNumber,
      mailnotification: oneOf('always', 'failure'),
      mailto: anyText,
      maxfiles: naturalNumber,
      mode: oneOf('snapshot', 'suspend', 'stop'),
      'notes-template': anyText,
      'notification-mode': anyText,
      'notification-policy': anyText,
      'notification-target': anyText,
      'pbs-change-detection-mode': oneOf('legacy', 'data', 'metadata'),
      performance: anyText,
      pigz: anyInteger,
      pool: anyText,
      protected: anyFlag,
      'prune-backups': anyText,
      quiet: anyFlag,
      remove: anyFlag,
      script: anyText,
      stdexcludes: anyFlag,
      stdout: anyFlag,
      stop: anyFlag,
      stopwait: naturalNumber,
      storage: anyText,
      tmpdir: anyText,
      vmid: anyText,
      zstd: anyInteger,
    },
    access: signedIn,
    run: (call) => startBackup(call),
  },
];

/** Recorded: an unknown storage or guest fails in the task; one guest gives the task its id, several none. */
function startBackup(call: Call): Json {
  const { state, node, parameters, rights } = call;
  const vmids = (parameters.optionalText('vmid') ?? '')
    .split(',')
    .filter((text) => text !== '')
    .map(Number);
  for (const vmid of vmids) {
    if (!rights.has(`/vms/${vmid}`, 'VM.Backup')) throw permissionError(`/vms/${vmid}`, ['VM.Backup']);
  }
  const order = {
    node: node.name,
    storage: parameters.optionalText('storage') ?? 'local',
    mode: parameters.optionalText('mode') ?? 'snapshot',
    compress: parameters.optionalText('compress') ?? '0',
  };
  const [only] = vmids;
  const id = vmids.length === 1 ? String(only) : '';
  return startTask(state, {
    node,
    type: 'vzdump',
    id,
    caller: call.caller,
    run: (work) => runBackup(state, vmids, order, work),
  });
}
