import type { Json } from '../json.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import type { SimTask } from '../state/task.ts';
import { parseUpid } from '../tasks/upid.ts';
import { recentTasksPerNode } from '../tasks/worker.ts';
import { names } from './cluster.ts';
import { parameterError, permissionError } from './errors.ts';
import { RichAnswer, signedIn, type Answer, type Call, type Route } from './route.ts';
import { anyFlag, anyInteger, anyText, naturalNumber, oneOf, onNode, required } from './rules.ts';

const onTask = { ...onNode, upid: required(anyText) };

/** Tasks of the cluster and of one host. */
export const taskRoutes: readonly Route[] = [
  { method: 'GET', path: '/cluster/tasks', parameters: {}, access: signedIn, run: (call) => clusterTasks(call) },
  {
    method: 'GET',
    path: '/nodes/{node}/tasks',
    parameters: {
      ...onNode,
      errors: anyFlag,
      limit: naturalNumber,
      since: anyInteger,
      source: oneOf('archive', 'active', 'all'),
      start: naturalNumber,
      statusfilter: anyText,
      typefilter: anyText,
      until: anyInteger,
      userfilter: anyText,
      vmid: { type: 'integer', minimum: 100 },
    },
    access: signedIn,
    run: (call) => nodeTasks(call),
  },
  {
    method: 'GET',
    path: '/nodes/{node}/tasks/{upid}',
    parameters: onTask,
    access: signedIn,
    run: () => names(['log', 'status']),
  },
  {
    method: 'DELETE',
    path: '/nodes/{node}/tasks/{upid}',
    parameters: onTask,
    access: signedIn,
    run: (call) => stopTask(call),
  },
  {
    method: 'GET',
    path: '/nodes/{node}/tasks/{upid}/status',
    parameters: onTask,
    access: signedIn,
    run: (call) => taskStatus(call),
  },
  {
    method: 'GET',
    path: '/nodes/{node}/tasks/{upid}/log',
    parameters: { ...onTask, limit: naturalNumber, start: naturalNumber, download: anyFlag },
    access: signedIn,
    run: (call) => taskLog(call),
  },
];

/**
 * Recent tasks of every node: what runs, and the last ones that ended. Recorded: a running one has a process number and
 * neither an end nor a status; an ended one has both and `saved` as text.
 */
function clusterTasks(call: Call): Json {
  const { state, rights, caller } = call;
  const seesAll = rights.has('/', 'Sys.Audit');
  const perNode = new Map<string, number>();
  const rows: Json[] = [];
  for (const task of [...state.tasks.values()].toReversed()) {
    const count = perNode.get(task.node) ?? 0;
    const isRunning = task.endedAt === undefined;
    if (!isRunning && count >= recentTasksPerNode) continue;
    if (!isRunning) perNode.set(task.node, count + 1);
    if (!seesAll && task.user !== caller.user) continue;
    const ended = { endtime: task.endedAt, status: task.exitStatus, saved: '1' };
    rows.push({ ...identity(task), ...(isRunning ? { pid: task.pid, saved: '0' } : ended) });
  }
  return rows;
}

function identity(task: SimTask): Record<string, Json> {
  return {
    upid: task.upid,
    node: task.node,
    type: task.type,
    id: task.id,
    user: task.user,
    tokenid: task.tokenId,
    starttime: task.startedAt,
  };
}

function nodeTasks(call: Call): Answer {
  const { parameters } = call;
  const fitting = [...call.state.tasks.values()]
    .filter((task) => task.node === call.node.name && isVisible(call, task) && fitsFilters(call, task))
    .toSorted((a, b) => b.startedAt - a.startedAt);
  const start = parameters.optionalInteger('start') ?? 0;
  const limit = parameters.optionalInteger('limit') ?? 50;
  const page = fitting.slice(start, start + limit).map((task) => {
    const isRunning = task.endedAt === undefined;
    const end = isRunning ? { status: 'RUNNING', saved: '0' } : { status: task.exitStatus, endtime: task.endedAt };
    return { ...identity(task), pid: task.pid, pstart: task.pstart, ...end };
  });
  return new RichAnswer(page, { total: fitting.length });
}

function isVisible(call: Call, task: SimTask): boolean {
  return task.user === call.caller.user || call.rights.has(`/nodes/${call.node.name}`, 'Sys.Audit');
}

function fitsFilters(call: Call, task: SimTask): boolean {
  const { parameters } = call;
  const source = parameters.optionalText('source') ?? 'archive';
  const isRunning = task.endedAt === undefined;
  if (source === 'archive' ? isRunning : source === 'active' && !isRunning) return false;
  const vmid = parameters.optionalText('vmid');
  const user = parameters.optionalText('userfilter');
  const type = parameters.optionalText('typefilter');
  const failed = task.exitStatus !== undefined && task.exitStatus !== 'OK' && !task.exitStatus.startsWith('WARNINGS');
  return [
    vmid === undefined || task.id === vmid,
    user === undefined || task.user.includes(user),
    type === undefined || task.type === type,
    !parameters.flag('errors') || failed,
    task.startedAt >= (parameters.optionalInteger('since') ?? 0),
    task.startedAt <= (parameters.optionalInteger('until') ?? Number.POSITIVE_INFINITY),
    fitsStatus(parameters.optionalText('statusfilter'), task, failed),
  ].every(Boolean);
}

function fitsStatus(filter: string | undefined, task: SimTask, failed: boolean): boolean {
  if (filter === undefined) return true;
  const kind = failed ? 'error' : task.exitStatus === 'OK' ? 'ok' : 'warning';
  return filter.split(/[,; ]/).includes(kind);
}

/** Recorded: a name that is none is a parameter error, and so is the status of a task nobody knows. */
function taskOf(call: Call): SimTask | undefined {
  const upid = call.parameters.text('upid');
  if (!parseUpid(upid)) throw parameterError({ upid: 'unable to parse worker upid' });
  const task = knownTask(call.state, upid);
  if (task && !isVisible(call, task)) throw permissionError(`/nodes/${call.node.name}`, ['Sys.Audit']);
  return task;
}

function knownTask(state: ClusterState, upid: string): SimTask | undefined {
  return state.tasks.get(upid);
}

function taskStatus(call: Call): Json {
  const task = taskOf(call);
  if (!task) throw parameterError({ upid: 'no such task' });
  const end =
    task.exitStatus === undefined ? { status: 'running' } : { status: 'stopped', exitstatus: task.exitStatus };
  return { ...identity(task), pid: task.pid, pstart: task.pstart, ...end };
}

/** Recorded: the log of a task nobody knows is one line of apology, not an error. */
function taskLog(call: Call): Answer {
  const task = taskOf(call);
  const lines = task ? task.log : ['unable to open file - No such file or directory'];
  const start = call.parameters.optionalInteger('start') ?? 0;
  const limit = call.parameters.optionalInteger('limit') ?? 50;
  const wanted = limit === 0 ? lines.slice(start) : lines.slice(start, start + limit);
  return new RichAnswer(
    wanted.map((t, index) => ({ n: start + index + 1, t })),
    { total: lines.length },
  );
}

function stopTask(call: Call): Json {
  const upid = call.parameters.text('upid');
  if (!parseUpid(upid)) throw parameterError({ upid: 'unable to parse worker upid' });
  const task = knownTask(call.state, upid);
  const isOwner = task?.user === call.caller.user;
  if (!isOwner && !call.rights.has(`/nodes/${call.node.name}`, 'Sys.Modify')) {
    throw permissionError(`/nodes/${call.node.name}`, ['Sys.Modify']);
  }
  task?.abort?.();
  return null;
}
