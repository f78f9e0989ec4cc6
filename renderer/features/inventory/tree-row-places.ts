import { connectionEntityId, type EntityId } from '../../../electron/contract/ids.ts';
import { isEntityId } from '../../../electron/contract/ids.ts';
import type { Route } from '../../lib/routes.ts';
import type { InventoryReplica } from '../../stores/inventory-replica.ts';
import { siteKey, treeBranches, type Branch } from './tree-branches.ts';
import type { InventoryRow } from './tree-rows.ts';

type Replica = Pick<InventoryReplica, 'get' | 'index' | 'records'>;

/** The entity whose page a record's line opens: a plain host's line stands for its node too, and that is where the figures are. */
function pageOf(replica: Replica, id: EntityId): EntityId {
  const connection = replica.get('connection', id);
  if (connection === undefined || connection.connectionKind === 'pve') return id;
  const nodes = replica.index.nodesByConnection.sorted(connection.connectionId);
  return nodes.length === 1 ? (nodes[0] ?? id) : id;
}

/** Where a line leads; `undefined` for a line that only opens and closes. */
export function routeOfRow(row: InventoryRow, replica: Replica): Route | undefined {
  const { content } = row;
  switch (content.type) {
    case 'record':
      return { page: 'entity', id: pageOf(replica, content.id), tab: undefined };
    case 'tag':
      return { page: 'inventory', scope: { type: 'tag', tag: content.tag } };
    case 'folder':
      return { page: 'inventory', scope: { type: 'folder', id: content.id } };
    case 'connection-group':
    case 'storages':
    case 'networks':
    case 'without-pool':
    case 'untagged':
    case 'unfiled':
      return undefined;
  }
}

/** Whether a line is the one whose page is shown. */
export function isRowOfRoute(row: InventoryRow, route: Route, replica: Replica): boolean {
  const target = routeOfRow(row, replica);
  if (target === undefined || target.page !== route.page) return false;
  if (target.page === 'entity' && route.page === 'entity') return target.id === route.id;
  return JSON.stringify(target) === JSON.stringify(route);
}

/** The lines of the site view that must be open for the line of a route to be seen, from the top. */
export function wayToRoute(route: Route, replica: Replica): readonly string[] {
  if (route.page !== 'entity' || !isEntityId(route.id)) return [];
  const record = replica.records.get(route.id);
  if (record === undefined) return [];
  const connection = replica.get('connection', connectionEntityId(record.connectionId));
  const groups = (connection?.group ?? '').split('/').filter((part) => part !== '');
  const way = groups.map((_part, index) => siteKey.group(groups.slice(0, index + 1).join('/')));
  if (record.kind === 'connection') return way;
  way.push(siteKey.connection(record.connectionId));
  if (record.kind === 'guest' && connection?.connectionKind === 'pve') way.push(siteKey.node(record.nodeId));
  return way;
}

/** Turns the closed ones among some lines of the site view. The same set where all are open. */
export function openWay(way: readonly string[], toggled: ReadonlySet<string>, replica: Replica): ReadonlySet<string> {
  const next = new Set(toggled);
  const wanted = new Set(way);
  const walk = (branches: readonly Branch[]): void => {
    for (const branch of branches) {
      if (!wanted.has(branch.key)) continue;
      if (branch.isOpenByDefault === next.has(branch.key)) {
        if (!next.delete(branch.key)) next.add(branch.key);
      }
      walk(branch.children?.() ?? []);
    }
  };
  if (way.length > 0) walk(treeBranches('site', replica, []));
  return next.size === toggled.size && [...next].every((key) => toggled.has(key)) ? toggled : next;
}
