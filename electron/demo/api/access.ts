import { authenticationId, Rights, type Caller } from '../access/rights.ts';
import { signIn } from '../access/sign-in.ts';
import type { Json } from '../json.ts';
import { ApiError, permissionError } from './errors.ts';
import { subdirectories } from './cluster.ts';
import { holders, signedIn, world, type Call, type Route } from './route.ts';
import { anyFlag, anyText, required } from './rules.ts';
import { rolesOf } from '../access/roles.ts';
import type { SimUser } from '../state/access.ts';

const accessLevel = ['users', 'groups', 'roles', 'acl', 'domains', 'openid', 'tfa', 'ticket', 'password'];
const shortText = { type: 'string', maxLength: 64 } as const;

/** Signing in, and who may do what. */
export const accessRoutes: readonly Route[] = [
  { method: 'GET', path: '/access', parameters: {}, access: signedIn, run: () => subdirectories(accessLevel) },
  { method: 'GET', path: '/access/domains', parameters: {}, access: world, run: (call) => realms(call) },
  { method: 'GET', path: '/access/ticket', parameters: {}, access: world, run: () => null },
  {
    method: 'POST',
    path: '/access/ticket',
    parameters: {
      username: required(shortText),
      password: required(anyText),
      realm: { type: 'string', maxLength: 32 },
      otp: anyText,
      'tfa-challenge': anyText,
      'new-format': anyFlag,
      path: shortText,
      privs: shortText,
    },
    access: world,
    run: (call) =>
      signIn(
        call.state,
        {
          username: call.parameters.text('username'),
          password: call.parameters.text('password'),
          realm: call.parameters.optionalText('realm'),
          otp: call.parameters.optionalText('otp'),
          challenge: call.parameters.optionalText('tfa-challenge'),
        },
        call.local.name,
      ),
  },
  {
    method: 'POST',
    path: '/access/openid/auth-url',
    parameters: { realm: required(anyText), 'redirect-url': required({ type: 'string', maxLength: 255 }) },
    access: world,
    run: (call) => openIdUrl(call),
  },
  {
    method: 'GET',
    path: '/access/permissions',
    parameters: { path: anyText, userid: anyText },
    access: signedIn,
    run: (call) => permissions(call),
  },
  {
    method: 'GET',
    path: '/access/users',
    parameters: { enabled: anyFlag, full: anyFlag },
    access: signedIn,
    run: (call) => users(call),
  },
  {
    method: 'GET',
    path: '/access/users/{userid}/token',
    parameters: { userid: required(anyText) },
    access: signedIn,
    run: (call) => tokens(call),
  },
  { method: 'GET', path: '/access/roles', parameters: {}, access: signedIn, run: (call) => roles(call) },
  { method: 'GET', path: '/access/acl', parameters: {}, access: signedIn, run: (call) => accessList(call) },
  {
    method: 'GET',
    path: '/access/groups',
    parameters: {},
    access: holders('/access/groups', 'Sys.Audit'),
    run: (call) => groups(call),
  },
  {
    method: 'GET',
    path: '/access/tfa/{userid}',
    parameters: { userid: required(anyText) },
    access: signedIn,
    run: (call) => factors(call),
  },
];

function realms(call: Call): Json {
  return call.state.realms.map(({ realm, type, comment, isDefault }) => ({
    realm,
    type,
    comment,
    default: isDefault ? 1 : undefined,
  }));
}

function openIdUrl(call: Call): Json {
  const realm = call.parameters.text('realm');
  if (!call.state.realms.some((known) => known.realm === realm && known.type === 'openid')) {
    throw new ApiError(500, `authentication domain '${realm}' does not exist`);
  }
  const back = encodeURIComponent(call.parameters.text('redirect-url'));
  return `https://login.example.com/authorize?response_type=code&client_id=pve&scope=openid&redirect_uri=${back}`;
}

/** Recorded: own rights always; those of others (and of their tokens) with Sys.Audit on /access. */
function permissions(call: Call): Json {
  const wanted = call.parameters.optionalText('userid');
  const own = authenticationId(call.caller);
  const isOwn = wanted === undefined || wanted === own || wanted.startsWith(`${own}!`);
  if (!isOwn && !call.rights.has('/access', 'Sys.Audit')) throw permissionError('/access', ['Sys.Audit']);
  const rights = wanted === undefined ? call.rights : new Rights(call.state, callerNamed(wanted));
  const path = call.parameters.optionalText('path');
  const paths = path === undefined ? knownPaths(call) : [path];
  const found: Record<string, Json> = {};
  for (const place of paths) {
    const held = rights.on(place);
    if (held.size === 0 && path === undefined) continue;
    found[place] = Object.fromEntries([...held].map(([privilege, propagates]) => [privilege, propagates ? 1 : 0]));
  }
  return found;
}

function knownPaths(call: Call): string[] {
  const fixed = ['/', '/access', '/access/groups', '/nodes', '/pool', '/sdn', '/storage', '/vms'];
  return [...new Set([...fixed, ...call.state.grants.map((grant) => grant.path), ...pathsOfPools(call)])];
}

/** Members of pools are listed too: their rights may come from the pool. */
function pathsOfPools(call: Call): string[] {
  const pooled: string[] = [];
  for (const guest of call.state.guests.values()) {
    if (guest.pool !== undefined) pooled.push(`/vms/${guest.vmid}`);
  }
  return pooled;
}

function callerNamed(name: string): Caller {
  const [user = '', tokenId] = name.split('!');
  return tokenId === undefined ? { user } : { user, tokenId };
}

function users(call: Call): Json {
  const { state, rights, caller, parameters } = call;
  const seesAll = rights.hasAny('/access/groups', ['User.Modify', 'Sys.Audit']);
  const onlyEnabled = parameters.optionalText('enabled');
  return [...state.users.values()]
    .filter((user) => seesAll || user.id === caller.user)
    .filter((user) => onlyEnabled === undefined || user.enabled === parameters.flag('enabled'))
    .map((user) => describeUser(user, parameters.flag('full')));
}

function describeUser(user: SimUser, isFull: boolean): Json {
  return {
    userid: user.id,
    enable: user.enabled ? 1 : 0,
    expire: user.expire,
    comment: user.comment,
    'realm-type': user.id.split('@')[1],
    ...(isFull ? { groups: user.groups.join(','), tokens: tokenList(user) } : {}),
  };
}

function tokenList(user: SimUser): Json {
  return [...user.tokens.values()].map(({ id, privilegeSeparation, expire, comment }) => ({
    tokenid: id,
    privsep: privilegeSeparation ? 1 : 0,
    expire,
    comment,
  }));
}

function tokens(call: Call): Json {
  const name = call.parameters.text('userid');
  const isOwn = name === call.caller.user;
  if (!isOwn && !call.rights.hasAny('/access/groups', ['User.Modify'])) {
    throw permissionError('/access/groups', ['User.Modify']);
  }
  return tokenList(knownUser(call, name));
}

function knownUser(call: Call, name: string): SimUser {
  const user = call.state.users.get(name);
  if (!user) throw new ApiError(500, `no such user ('${name}')`);
  return user;
}

function roles(call: Call): Json {
  return [...rolesOf(call.state.release)].map(([roleid, privileges]) => ({
    roleid,
    special: 1,
    privs: privileges.join(','),
  }));
}

function accessList(call: Call): Json {
  if (!call.rights.hasAny('/access', ['Sys.Audit', 'Permissions.Modify'])) return [];
  return call.state.grants.map(({ path, kind, subject, role, propagate }) => ({
    path,
    type: kind,
    ugid: subject,
    roleid: role,
    propagate: propagate ? 1 : 0,
  }));
}

function groups(call: Call): Json {
  return [...call.state.groups].map(([groupid, { comment }]) => ({
    groupid,
    comment,
    users: [...call.state.users.values()]
      .filter((user) => user.groups.includes(groupid))
      .map((user) => user.id)
      .join(','),
  }));
}

function factors(call: Call): Json {
  const name = call.parameters.text('userid');
  const needed = ['User.Modify', 'Sys.Audit'];
  if (name !== call.caller.user && !call.rights.hasAny('/access/groups', needed)) {
    throw permissionError('/access/groups', needed);
  }
  return knownUser(call, name).factors.map(({ id, type, description }) => ({
    id,
    type,
    description,
    enable: 1,
    created: 1_780_000_000,
  }));
}
