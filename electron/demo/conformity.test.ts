import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allRoutes } from './api/routes.ts';
import type { Route } from './api/route.ts';
import { startSimulatedCluster, type SimulatedCluster } from './simulated-cluster.ts';
import { askNode, signInAs } from './testing/ask.ts';
import { breaches, havePveApi, officialTree, type OfficialTree } from './testing/official-schema.ts';
import { recordedKeys, rowsOf } from './testing/recordings.ts';

/**
 * The simulated clusters against what is known of real ones. The official schema is a net with holes: it lags behind the
 * servers. Every exception below says why.
 */
const have = havePveApi();

/** Where real servers answer otherwise than their schema says. */
const schemaErrors: readonly (readonly [RegExp, string])[] = [
  [/\.ip-addresses\[\d+\]\.prefix/, 'recorded on 9.1.9: text for containers'],
  [/^\/cluster\/nextid/, 'recorded on all three: text'],
  [/^\/cluster\/config\/join\.nodelist.*\.(quorum_votes|nodeid)/, 'recorded on 9.1.9: text'],
  [/\/lxc.*\.pressure/, 'recorded on 9.1.9: text for containers'],
  [/\/pending\[\d+\]\.value/, 'recorded on all three: numbers for numeric options'],
];

/** Members that recordings of small test machines could not show, or that differ for a reason. */
const knownDifferences: readonly (readonly [kind: RegExp, key: string, reason: string])[] = [
  [/^\/cluster\/resources/, 'tags', 'only guests with tags'],
  [/^\/cluster\/resources/, 'pool', 'only guests in a pool'],
  [/^\/cluster\/resources/, 'lock', 'only locked guests'],
  [/^\/cluster\/resources/, 'hastate', 'only with high availability in use'],
  [/^\/cluster\/resources network/, 'zone-type', 'all zones but the built-in one have a type'],
  [/^\/nodes\/N\/(qemu|lxc)/, 'tags', 'only guests with tags'],
  [/^\/nodes\/N\/(qemu|lxc)/, 'lock', 'only locked guests'],
  [/^\/nodes\/N\/(qemu|lxc)/, 'template', 'only templates'],
  [/^\/nodes\/N\/qemu/, 'serial', 'only machines with a serial port'],
  [/status\/current/, 'agent', 'only machines with an agent configured'],
  [/status\/current/, 'clipboard', 'only with an explicit display'],
  [/status\/current/, 'serial', 'only machines with a serial port'],
  [/tasks|UPID/, 'tokenid', 'only tasks that a token started'],
  [/^\/access\/domains/, 'default', 'only the realm that is chosen as the default'],
  [/^\/access\/permissions/, '*', 'paths are what the estate has'],
  [/^\/cluster\/ha\/resources/, 'comment', 'only resources with a comment'],
  [/^\/cluster\/options/, 'console', 'set here, unset on the recorded 8.4.1'],
  [/^\/cluster\/options/, 'tag-style', 'set here, unset on the recorded 8.4.1'],
  [/^\/version/, 'console', 'set here, unset on the recorded 8.4.1'],
  [/^\/cluster\/sdn\/vnets/, 'alias', 'only networks with an alias'],
  [/^\/cluster\/sdn\/vnets/, 'tag', 'only networks of VLAN zones'],
  [/^\/nodes\/N\/network/, 'bridge_vlan_aware', 'only bridges that know VLANs'],
  [/^\/nodes\/N\/network/, 'comments', 'only interfaces with a comment'],
  [/^\/nodes\/N\/network bridge/, 'address', 'a bridge without an address has none (recorded bridges all had one)'],
  [/^\/nodes\/N\/network bridge/, 'cidr', 'as address'],
  [/^\/nodes\/N\/network bridge/, 'gateway', 'as address'],
  [/^\/nodes\/N\/network bridge/, 'netmask', 'as address'],
  [/snapshot$/, '*', 'recordings of 8.4.1 show the pseudo entry alone'],
  [/^\/storage/, 'shared', 'the recorded machines had directories alone'],
  [/^\/storage/, 'path', 'the recorded machines had directories alone'],
  [/^\/storage/, 'prune-backups', 'the recorded machines had directories alone'],
  [/^\/storage/, 'priority', 'of the built-in definition that a cluster with its own does not have'],
  [/config$|pending$/, '*', 'options are what each guest has'],
];

describe.skipIf(!have).each(['9.2.3', '8.4.5'] as const)('a simulated PVE %s', (version) => {
  let tree: OfficialTree;
  let cluster: SimulatedCluster;
  let session: Record<string, string>;
  const answers: { route: Route; path: string; status: string; data: unknown }[] = [];

  beforeAll(async () => {
    tree = officialTree(version);
    cluster = await startSimulatedCluster({ version, nodes: 2, guests: 60, seed: 3, speed: 100 });
    session = await signInAs(cluster.nodes[0]!, 'root@pam', 'demonstration');
    for (const route of allRoutes.filter((candidate) => candidate.method === 'GET')) {
      for (const path of examplePaths(cluster, route)) {
        const answer = await askNode(cluster.nodes[0]!, 'GET', path, { headers: session });
        answers.push({ route, path, status: `${answer.status} ${answer.reason}`, data: answer.data });
      }
    }
  });
  afterAll(() => cluster.close());

  it('has only methods and parameters that exist', () => {
    const trees = [officialTree('8.4.5'), officialTree('9.2.3')];
    for (const route of allRoutes) {
      const official = tree[route.path]?.[route.method];
      if (route.path === '/') continue;
      expect(official, `${route.method} ${route.path}`).toBeDefined();
      const inAnyRelease = trees.map((release) => release[route.path]?.[route.method]?.parameters ?? {});
      const known = inAnyRelease.flatMap((parameters) => Object.keys(parameters));
      const unknown = Object.keys(route.parameters).filter((name) => !known.includes(name));
      expect(unknown, `${route.method} ${route.path}`).toEqual([]);
    }
  });

  it('demands the parameters that are required and knows the optional ones', () => {
    for (const route of allRoutes) {
      const official = tree[route.path]?.[route.method];
      if (!official) continue;
      const isInPath = (name: string): boolean => route.path.includes(`{${name}}`);
      const demanded = Object.keys(route.parameters).filter((name) => route.parameters[name]?.required);
      const required = (official.required ?? []).filter((name) => !isInPath(name));
      const inBody = demanded.filter((name) => !isInPath(name));
      expect(inBody.sort(), `${route.method} ${route.path}`).toEqual(required.toSorted());
      const lacking = Object.keys(official.parameters ?? {}).filter((name) => !route.parameters[name]);
      expect(lacking, `${route.method} ${route.path}`).toEqual([]);
    }
  });

  it('answers every reading call to root', () => {
    expect(answers.filter(({ status }) => status !== '200 OK').map(({ path, status }) => `${path}: ${status}`)).toEqual(
      [],
    );
  });

  it('answers as the schema says', () => {
    const found = answers.flatMap(({ route, path, data }) => breaches(tree[route.path]?.['GET']?.returns, data, path));
    expect(found.filter((breach) => !schemaErrors.some(([place]) => place.test(breach)))).toEqual([]);
  });

  it('sends the keys that real servers send, no others and no fewer', () => {
    const census = recordedKeys(version === '8.4.5' ? ['8.4.1'] : ['9.1.9', '9.2.11']);
    const problems = new Set<string>();
    for (const { path, data } of answers) {
      for (const [kind, row] of rowsOf(path.split('?')[0] ?? '', data)) {
        const recorded = census.get(kind);
        if (!recorded) continue;
        for (const key of Object.keys(row)) if (!recorded.counts.has(key)) problems.add(`${kind}: invents ${key}`);
        for (const [key, count] of recorded.counts) {
          if (count === recorded.rows && !(key in row)) problems.add(`${kind}: lacks ${key}`);
        }
      }
    }
    expect([...problems].filter((problem) => !isKnown(problem)).sort()).toEqual([]);
  });
});

function isKnown(problem: string): boolean {
  return knownDifferences.some(
    ([kind, key]) => kind.test(problem.split(':')[0] ?? '') && (key === '*' || problem.endsWith(` ${key}`)),
  );
}

/** Calls that fill the path parameters of a route with things that exist. */
function examplePaths(cluster: SimulatedCluster, route: Route): string[] {
  const { state } = cluster.control;
  const fill = (values: Record<string, string | number>): string =>
    route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name] ?? '')));
  const node = cluster.nodes[0]?.name ?? '';
  const kind = route.path.includes('/qemu/') ? 'qemu' : 'lxc';
  const guests = [...state.guests.values()].filter((guest) => guest.kind === kind);
  const someGuests = [guests.find((guest) => guest.running), guests.find((guest) => !guest.running)];
  const needsAgent = route.path.includes('/agent/');
  const task = [...state.tasks.values()].find((candidate) => candidate.node === node);
  const query = route.path.endsWith('rrddata') ? '?timeframe=hour' : '';
  const fixed = {
    node,
    storage: 'local',
    poolid: 'office',
    iface: 'vmbr0',
    userid: 'carol@pve',
    upid: task?.upid ?? '',
  };
  if (!route.path.includes('{vmid}')) return [fill(fixed) + query];
  return someGuests
    .filter((guest) => guest !== undefined)
    .filter((guest) => !needsAgent || (guest.running && guest.agent === 'running'))
    .map((guest) => fill({ ...fixed, node: guest.node, vmid: guest.vmid }) + query);
}
