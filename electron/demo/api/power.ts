import type { Json } from '../json.ts';
import { isQuorate } from '../state/cluster-state.ts';
import type { SimGuest } from '../state/guest.ts';
import { guestsChanged } from '../state/publication.ts';
import {
  runHibernate,
  runPause,
  runReboot,
  runReset,
  runResume,
  runShutdown,
  runStart,
  runStop,
  type ShutdownOptions,
} from '../tasks/power.ts';
import { startTask, type Work } from '../tasks/worker.ts';
import { ApiError, permissionError } from './errors.ts';
import { guestOf, needsQuorum } from './guest-lookup.ts';
import type { ParameterRules } from './parameters.ts';
import { holders, type Call, type Route } from './route.ts';
import { anyFlag, anyText, naturalNumber, oneOf, onGuest } from './rules.ts';

type Kind = SimGuest['kind'];
type Runner = (guest: SimGuest, work: Work) => void;

const powerManagement = holders('/vms/{vmid}', 'VM.PowerMgmt');
const skiplock = { skiplock: anyFlag };
/** How long high availability takes to act on a request. */
const highAvailabilityDelayMs = 10_000;

/** Power actions: every one answers with a UPID, and nearly every refusal is a task that fails. */
export const powerRoutes: readonly Route[] = [
  action('qemu', 'start', (call) => startMachine(call), {
    ...skiplock,
    'force-cpu': anyText,
    machine: anyText,
    migratedfrom: anyText,
    migration_network: anyText,
    migration_type: oneOf('secure', 'insecure'),
    stateuri: anyText,
    targetstorage: anyText,
    timeout: naturalNumber,
    'nets-host-mtu': anyText,
    'with-conntrack-state': anyFlag,
  }),
  action('qemu', 'stop', (call) => stop(call, 'qemu'), {
    ...skiplock,
    keepActive: anyFlag,
    migratedfrom: anyText,
    'overrule-shutdown': anyFlag,
    timeout: naturalNumber,
  }),
  action('qemu', 'shutdown', (call) => shutdown(call, 'qemu'), {
    ...skiplock,
    forceStop: anyFlag,
    keepActive: anyFlag,
    timeout: naturalNumber,
  }),
  action('qemu', 'reboot', (call) => reboot(call, 'qemu'), { timeout: naturalNumber }),
  action('qemu', 'reset', (call) => reset(call), skiplock),
  action('qemu', 'suspend', (call) => suspendMachine(call), { ...skiplock, todisk: anyFlag, statestorage: anyText }),
  action('qemu', 'resume', (call) => resume(call, 'qemu'), { ...skiplock, nocheck: anyFlag }),
  action('lxc', 'start', (call) => startContainer(call), { ...skiplock, debug: anyFlag }),
  action('lxc', 'stop', (call) => stop(call, 'lxc'), { ...skiplock, 'overrule-shutdown': anyFlag }),
  action('lxc', 'shutdown', (call) => shutdown(call, 'lxc'), { forceStop: anyFlag, timeout: naturalNumber }),
  action('lxc', 'reboot', (call) => reboot(call, 'lxc'), { timeout: naturalNumber }),
  action('lxc', 'suspend', (call) => suspendContainer(call), {}),
  action('lxc', 'resume', (call) => resume(call, 'lxc'), {}),
];

function action(kind: Kind, verb: string, run: (call: Call) => Json, rules: ParameterRules): Route {
  return {
    method: 'POST',
    path: `/nodes/{node}/${kind}/{vmid}/status/${verb}`,
    parameters: { ...onGuest, ...rules },
    access: powerManagement,
    run: (call) => {
      refuseRootOnly(call, ['skiplock', 'stateuri', 'migratedfrom', 'migration_type', 'migration_network']);
      return run(call);
    },
  };
}

/** Options that only root itself may use; recorded wording. */
function refuseRootOnly(call: Call, names: readonly string[]): void {
  if (call.caller.user === 'root@pam' && call.caller.tokenId === undefined) return;
  const errors: Record<string, string> = {};
  for (const name of names) {
    if (call.parameters.optionalText(name) !== undefined) errors[name] = 'Only root may use this option.';
  }
  if (Object.keys(errors).length > 0) throw new ApiError(400, 'Parameter verification failed.', { errors });
}

function task(call: Call, type: string, guest: SimGuest, run: Runner): Json {
  const id = String(guest.vmid);
  return startTask(call.state, { node: call.node, type, id, caller: call.caller, run: (work) => run(guest, work) });
}

/** Recorded: a start is accepted even for a number nobody has; its task fails. */
function startMachine(call: Call): Json {
  needsQuorum(call);
  const vmid = call.parameters.integer('vmid');
  const known = call.state.guests.get(vmid);
  if (known?.kind !== 'qemu' || known.node !== call.node.name) {
    const missing = `Configuration file 'nodes/${call.node.name}/qemu-server/${vmid}.conf' does not exist`;
    const order = { node: call.node, type: 'qmstart', id: String(vmid), caller: call.caller };
    return startTask(call.state, { ...order, run: (work) => work.fail(missing) });
  }
  return (
    viaHighAvailability(call, known, 'started', 'hastart') ??
    task(call, 'qmstart', known, (guest, work) => runStart(call.state, guest, work))
  );
}

/** Recorded: a container that runs refuses at once. */
function startContainer(call: Call): Json {
  needsQuorum(call);
  const guest = guestOf(call, 'lxc');
  if (guest.running) throw new ApiError(500, `CT ${guest.vmid} already running`);
  return (
    viaHighAvailability(call, guest, 'started', 'hastart') ??
    task(call, 'vzstart', guest, (target, work) => runStart(call.state, target, work))
  );
}

function stop(call: Call, kind: Kind): Json {
  const guest = guestOf(call, kind);
  if (kind === 'lxc' && !guest.running) throw notRunning(guest);
  if (call.parameters.flag('overrule-shutdown')) endShutdowns(call, guest);
  return (
    viaHighAvailability(call, guest, 'stopped', 'hastop') ??
    task(call, kind === 'qemu' ? 'qmstop' : 'vzstop', guest, (target, work) => runStop(call.state, target, work))
  );
}

function endShutdowns(call: Call, guest: SimGuest): void {
  for (const running of call.state.tasks.values()) {
    if (running.id === String(guest.vmid) && /^(qm|vz)shutdown$/.test(running.type)) running.abort?.();
  }
}

function shutdown(call: Call, kind: Kind): Json {
  const guest = guestOf(call, kind);
  if (kind === 'lxc' && !guest.running) throw notRunning(guest);
  const options = shutdownOptions(call);
  return (
    viaHighAvailability(call, guest, 'stopped', 'hashutdown') ??
    task(call, kind === 'qemu' ? 'qmshutdown' : 'vzshutdown', guest, (target, work) =>
      runShutdown(call.state, target, options, work),
    )
  );
}

function reboot(call: Call, kind: Kind): Json {
  const guest = guestOf(call, kind);
  if (!guest.running) throw notRunning(guest);
  const options = shutdownOptions(call);
  return task(call, kind === 'qemu' ? 'qmreboot' : 'vzreboot', guest, (target, work) =>
    runReboot(call.state, target, options, work),
  );
}

function shutdownOptions(call: Call): ShutdownOptions {
  return { timeoutSeconds: call.parameters.optionalInteger('timeout'), force: call.parameters.flag('forceStop') };
}

function reset(call: Call): Json {
  const guest = guestOf(call, 'qemu');
  if (!guest.running) throw notRunning(guest);
  return task(call, 'qmreset', guest, runReset);
}

/** Recorded: the task of a pause is called qmpause, that of a hibernation qmsuspend. */
function suspendMachine(call: Call): Json {
  const guest = guestOf(call, 'qemu');
  if (!guest.running) throw notRunning(guest);
  if (!call.parameters.flag('todisk')) {
    return task(call, 'qmpause', guest, (target, work) => runPause(call.state, target, work));
  }
  if (!call.rights.has(`/vms/${guest.vmid}`, 'VM.Config.Disk')) {
    throw permissionError(`/vms/${guest.vmid}`, ['VM.Config.Disk']);
  }
  return task(call, 'qmsuspend', guest, (target, work) => runHibernate(call.state, target, work));
}

function suspendContainer(call: Call): Json {
  const guest = guestOf(call, 'lxc');
  if (!guest.running) throw notRunning(guest);
  return task(call, 'vzsuspend', guest, (target, work) => runPause(call.state, target, work));
}

function resume(call: Call, kind: Kind): Json {
  const guest = guestOf(call, kind);
  if (!guest.running) throw notRunning(guest);
  return task(call, kind === 'qemu' ? 'qmresume' : 'vzresume', guest, (target, work) =>
    runResume(call.state, target, work),
  );
}

function notRunning(guest: SimGuest): ApiError {
  return new ApiError(500, `${guest.kind === 'qemu' ? 'VM' : 'CT'} ${guest.vmid} not running`);
}

/**
 * What high availability looks after is only asked for: a task of its own notes the wish and ends, and the manager acts
 * some seconds later under root@pam (recorded for migrations on PVE 9.1.9).
 */
function viaHighAvailability(call: Call, guest: SimGuest, wish: 'started' | 'stopped', type: string): Json | undefined {
  const { state, node } = call;
  const managed = state.highAvailability.get(guest.vmid);
  if (!managed || managed.request === 'ignored') return undefined;
  const name = guest.kind === 'qemu' ? 'VM' : 'CT';
  const act = (work: Work): void => {
    if (!isQuorate(state)) return work.fail("cfs-lock 'domain-ha' error: no quorum!");
    work.say(`Requesting HA ${wish === 'started' ? 'start' : 'stop'} for ${name} ${guest.vmid}`);
    managed.request = wish;
    guestsChanged(state);
    work.done();
    state.clock.after(highAvailabilityDelayMs, () => {
      if (guest.running === (wish === 'started') || managed.request !== wish) return;
      const prefix = guest.kind === 'qemu' ? 'qm' : 'vz';
      const order = { node, id: String(guest.vmid), caller: { user: 'root@pam' } };
      if (wish === 'started') {
        startTask(state, { ...order, type: `${prefix}start`, run: (next) => runStart(state, guest, next) });
      } else {
        const options = { force: true, timeoutSeconds: undefined };
        startTask(state, {
          ...order,
          type: `${prefix}shutdown`,
          run: (next) => runShutdown(state, guest, options, next),
        });
      }
    });
  };
  return task(call, type, guest, (_, work) => act(work));
}
