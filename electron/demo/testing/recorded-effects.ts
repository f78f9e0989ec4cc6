import type { SimulatedCluster } from '../simulated-cluster.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { apiPath, formOf, type RecordedStep } from './transcript.ts';

type Effect = (state: ClusterState, match: RegExpExecArray, form: URLSearchParams, step: RecordedStep) => void;

/** What calls that are not simulated did on the recorded servers, as far as later steps need it. */
const effects: readonly (readonly [method: string, path: RegExp, effect: Effect])[] = [
  ['POST', /^\/access\/users$/, (state, _, form) => addUser(state, form)],
  ['PUT', /^\/access\/users\/([^/]+)$/, (state, [, id = ''], form) => changeUser(state, id, form)],
  ['PUT', /^\/access\/acl$/, (state, _, form) => grant(state, form)],
  [
    'POST',
    /^\/access\/users\/([^/]+)\/token\/([^/]+)$/,
    (state, [, user = '', id = ''], form, step) => addToken(state, user, id, form, step),
  ],
  [
    'PUT',
    /^\/access\/users\/([^/]+)\/token\/([^/]+)$/,
    (state, [, user = '', id = ''], form) => changeToken(state, user, id, form),
  ],
  [
    'DELETE',
    /^\/access\/users\/([^/]+)\/token\/([^/]+)$/,
    (state, [, user = '', id = '']) => void state.users.get(user)?.tokens.delete(id),
  ],
  ['PUT', /^\/nodes\/[^/]+\/qemu\/(\d+)\/config$/, (state, [, vmid], form) => changeMachine(state, Number(vmid), form)],
];

/** Applies the effect of a recorded step that succeeded. */
export function applyRecordedEffect(cluster: SimulatedCluster, step: RecordedStep): void {
  const path = apiPath(step);
  if (path === undefined || step.response.status !== 200) return;
  for (const [method, pattern, effect] of effects) {
    const match = method === step.request.method ? pattern.exec(path) : null;
    if (match) cluster.control.edit((state) => effect(state, match, formOf(step), step));
  }
}

function addUser(state: ClusterState, form: URLSearchParams): void {
  const id = form.get('userid') ?? '';
  const base = { id, password: form.get('password') ?? '', enabled: true, expire: 0, wrongCodes: 0 };
  state.users.set(id, { ...base, groups: [], factors: [], tokens: new Map() });
}

/** Moments in the past of the recording are in the past here too. */
function expiry(text: string): number {
  return Number(text) === 0 ? 0 : 1;
}

function changeUser(state: ClusterState, id: string, form: URLSearchParams): void {
  const user = state.users.get(id);
  if (!user) return;
  const enable = form.get('enable');
  const expire = form.get('expire');
  if (enable !== null) user.enabled = enable === '1';
  if (expire !== null) user.expire = expiry(expire);
}

function grant(state: ClusterState, form: URLSearchParams): void {
  const line = { path: form.get('path') ?? '/', role: form.get('roles') ?? '', propagate: true };
  const [user, token] = [form.get('users'), form.get('tokens')];
  if (user !== null) state.grants.push({ ...line, kind: 'user', subject: user });
  if (token !== null) state.grants.push({ ...line, kind: 'token', subject: token });
}

function addToken(state: ClusterState, userId: string, id: string, form: URLSearchParams, step: RecordedStep): void {
  const data = step.response.json?.data as { value?: string } | undefined;
  const privilegeSeparation = form.get('privsep') !== '0';
  state.users.get(userId)?.tokens.set(id, { id, secret: data?.value ?? '', privilegeSeparation, expire: 0 });
}

function changeToken(state: ClusterState, userId: string, id: string, form: URLSearchParams): void {
  const token = state.users.get(userId)?.tokens.get(id);
  const expire = form.get('expire');
  if (token && expire !== null) token.expire = expiry(expire);
}

function changeMachine(state: ClusterState, vmid: number, form: URLSearchParams): void {
  const guest = state.guests.get(vmid);
  if (!guest) return;
  const lock = form.get('lock');
  if (lock !== null) guest.lock = lock;
  if (form.get('delete') === 'lock') guest.lock = undefined;
}
