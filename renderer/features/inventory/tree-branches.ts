import type { ConnectionId, EntityId } from '../../../electron/contract/ids.ts';
import { connectionEntityId } from '../../../electron/contract/ids.ts';
import type { Folder } from '../../../electron/contract/preferences.ts';
import type { ConnectionRecord, EntityRecord } from '../../../electron/contract/records/index.ts';
import { naturalSortKey } from '../../lib/natural-sort.ts';
import type { InventoryReplica } from '../../stores/inventory-replica.ts';
import { childFolders, folderMembers, unfiledGuests } from './folders.ts';

export const treeViews = ['site', 'pool', 'tag', 'folder'] as const;
/** The groupings of the tree. */
export type TreeViewName = (typeof treeViews)[number];

/** What a line of the tree stands for. */
export type BranchContent =
  | { readonly type: 'record'; readonly id: EntityId; readonly kind: EntityRecord['kind'] }
  | { readonly type: 'connection-group'; readonly name: string; readonly count: number }
  | { readonly type: 'storages' | 'networks' | 'without-pool' | 'untagged' | 'unfiled'; readonly count: number }
  | { readonly type: 'tag'; readonly tag: string; readonly count: number }
  | { readonly type: 'folder'; readonly id: string; readonly name: string; readonly count: number };

/** A line with what is under it. Children are made only when the line is open. */
export interface Branch {
  readonly key: string;
  readonly content: BranchContent;
  /** Whether it is open unless the user changed that. */
  readonly isOpenByDefault: boolean;
  readonly children?: (() => readonly Branch[]) | undefined;
}

/** Up to so many guests, everything is open at first: a newcomer sees the whole estate. */
const openEverythingUpTo = 120;

type Replica = Pick<InventoryReplica, 'records' | 'get' | 'index'>;

function leaf(parentKey: string, id: EntityId, kind: EntityRecord['kind']): Branch {
  return { key: `${parentKey}|${id}`, content: { type: 'record', id, kind }, isOpenByDefault: false };
}

function leaves(parentKey: string, ids: readonly EntityId[], kind: EntityRecord['kind'] = 'guest'): readonly Branch[] {
  return ids.map((id) => leaf(parentKey, id, kind));
}

/** The key of the line of a node or connection in the site view; used to open the way to a guest. */
export const siteKey = {
  group: (path: string) => `group:${path}`,
  connection: (id: ConnectionId) => `connection:${id}`,
  node: (id: EntityId) => `node:${id}`,
};

function isSmall(replica: Replica): boolean {
  return replica.index.byKind.size('guest') <= openEverythingUpTo;
}

function nodeChildren(replica: Replica, key: string, nodeId: EntityId): readonly Branch[] {
  const { guestsByNode, storagesByNode, networksByNode } = replica.index;
  const extras: Branch[] = [];
  for (const [type, index, kind] of [
    ['storages', storagesByNode, 'storage'],
    ['networks', networksByNode, 'network'],
  ] as const) {
    const count = index.size(nodeId);
    if (count === 0) continue;
    const childKey = `${key}|${type}`;
    extras.push({
      key: childKey,
      content: { type, count },
      isOpenByDefault: false,
      children: () => leaves(childKey, index.sorted(nodeId), kind),
    });
  }
  return [...leaves(key, guestsByNode.sorted(nodeId)), ...extras];
}

function nodeBranch(replica: Replica, nodeId: EntityId): Branch {
  const key = siteKey.node(nodeId);
  return {
    key,
    content: { type: 'record', id: nodeId, kind: 'node' },
    isOpenByDefault: isSmall(replica),
    children: () => nodeChildren(replica, key, nodeId),
  };
}

/** A plain host is its only node: one line for both, which leads to the node. A cluster has its nodes under it. */
function connectionBranch(replica: Replica, connection: ConnectionRecord): Branch {
  const key = siteKey.connection(connection.connectionId);
  const nodes = replica.index.nodesByConnection.sorted(connection.connectionId);
  const [onlyNode] = nodes;
  const content = { type: 'record', id: connection.id, kind: 'connection' } as const;
  if (nodes.length === 0) return { key, content, isOpenByDefault: true };
  const isPlainHost = connection.connectionKind !== 'pve' && nodes.length === 1;
  return {
    key,
    content,
    isOpenByDefault: isPlainHost ? isSmall(replica) : true,
    children: () =>
      isPlainHost && onlyNode !== undefined
        ? nodeChildren(replica, key, onlyNode)
        : nodes.map((id) => nodeBranch(replica, id)),
  };
}

function connectionsOf(replica: Replica): readonly ConnectionRecord[] {
  return replica.index.byKind
    .sorted('connection')
    .map((id) => replica.get('connection', id))
    .filter((record) => record !== undefined);
}

/** Connections under the user's own nested groups, groups first. */
function siteBranches(replica: Replica): readonly Branch[] {
  const build = (connections: readonly ConnectionRecord[], path: string): readonly Branch[] => {
    const here = connections.filter((each) => each.group === path);
    const below = connections.filter((each) => each.group !== path);
    const prefix = path === '' ? '' : `${path}/`;
    const names = [...new Set(below.map((each) => each.group.slice(prefix.length).split('/')[0] ?? ''))];
    const groups = names.sort(byName).map((name): Branch => {
      const inner = `${prefix}${name}`;
      const members = below.filter((each) => each.group === inner || each.group.startsWith(`${inner}/`));
      return {
        key: siteKey.group(inner),
        content: { type: 'connection-group', name, count: members.length },
        isOpenByDefault: true,
        children: () => build(members, inner),
      };
    });
    return [...groups, ...here.map((each) => connectionBranch(replica, each))];
  };
  return build(connectionsOf(replica), '');
}

function byName(a: string, b: string): number {
  return naturalSortKey(a) < naturalSortKey(b) ? -1 : 1;
}

function poolBranches(replica: Replica): readonly Branch[] {
  return connectionsOf(replica).flatMap((connection): readonly Branch[] => {
    const { connectionId } = connection;
    const pools = replica.index.poolsByConnection.sorted(connectionId);
    if (pools.length === 0) return [];
    const key = siteKey.connection(connectionId);
    const without = (): readonly EntityId[] =>
      replica.index.guestsByConnection
        .sorted(connectionId)
        .filter((id) => replica.get('guest', id)?.poolId === undefined);
    const children = (): readonly Branch[] => {
      const inPools = pools.map((id): Branch => ({
        key: `${key}|${id}`,
        content: { type: 'record', id, kind: 'pool' },
        isOpenByDefault: isSmall(replica),
        children: () => leaves(`${key}|${id}`, replica.index.guestsByPool.sorted(id)),
      }));
      const rest = without();
      if (rest.length === 0) return inPools;
      const restKey = `${key}|without-pool`;
      const content = { type: 'without-pool', count: rest.length } as const;
      return [...inPools, { key: restKey, content, isOpenByDefault: false, children: () => leaves(restKey, rest) }];
    };
    const content = { type: 'record', id: connectionEntityId(connectionId), kind: 'connection' } as const;
    return [{ key, content, isOpenByDefault: true, children }];
  });
}

function tagBranches(replica: Replica): readonly Branch[] {
  const { guestsByTag, byKind } = replica.index;
  const tagged = [...guestsByTag.groups()].sort(byName).map((tag): Branch => {
    const key = `tag:${tag}`;
    return {
      key,
      content: { type: 'tag', tag, count: guestsByTag.size(tag) },
      isOpenByDefault: isSmall(replica),
      children: () => leaves(key, guestsByTag.sorted(tag)),
    };
  });
  const rest = byKind.sorted('guest').filter((id) => replica.get('guest', id)?.tags.length === 0);
  if (rest.length === 0) return tagged;
  const content = { type: 'untagged', count: rest.length } as const;
  return [...tagged, { key: 'untagged', content, isOpenByDefault: false, children: () => leaves('untagged', rest) }];
}

function folderBranches(replica: Replica, folders: readonly Folder[]): readonly Branch[] {
  const build = (parentId: string | undefined): readonly Branch[] =>
    childFolders(folders, parentId).map((folder): Branch => {
      const key = `folder:${folder.id}`;
      const { id, name } = folder;
      const members = folderMembers(folder, replica);
      return {
        key,
        content: { type: 'folder', id, name, count: members.length },
        isOpenByDefault: true,
        children: () => [...build(id), ...members.map((record) => leaf(key, record.id, record.kind))],
      };
    });
  const rest = unfiledGuests(folders, replica);
  const content = { type: 'unfiled', count: rest.length } as const;
  const unfiled: Branch = {
    key: 'unfiled',
    content,
    isOpenByDefault: isSmall(replica),
    children: () => leaves('unfiled', rest),
  };
  return [...build(undefined), unfiled];
}

/** The top of the tree in one of its views. */
export function treeBranches(view: TreeViewName, replica: Replica, folders: readonly Folder[]): readonly Branch[] {
  switch (view) {
    case 'site':
      return siteBranches(replica);
    case 'pool':
      return poolBranches(replica);
    case 'tag':
      return tagBranches(replica);
    case 'folder':
      return folderBranches(replica, folders);
  }
}
