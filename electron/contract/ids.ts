declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** Names one configured way in. Chosen by the app, short, never contains a slash; stays the same when the connection is renamed or re-addressed. */
export type ConnectionId = Branded<string, 'ConnectionId'>;

/** `<connection>/<kind>/<native id>`, e.g. `lab/guest/qemu:104`. The native id may contain slashes. Built and split only here. */
export type EntityId = Branded<string, 'EntityId'>;

/** The nouns that have a place in the inventory. */
export const entityKinds = ['connection', 'cluster', 'node', 'guest', 'storage', 'network', 'pool', 'task'] as const;
export type EntityKind = (typeof entityKinds)[number];

const connectionIdPattern = /^[a-z0-9][a-z0-9_-]{0,31}$/;

/** Checks a text from outside. Throws a RangeError when it cannot be a connection id. */
export function parseConnectionId(text: string): ConnectionId {
  if (!connectionIdPattern.test(text))
    throw new RangeError(`not a connection id: ${JSON.stringify(text.slice(0, 60))}`);
  return text as ConnectionId;
}

/** Builds the id of an entity of one connection. `nativeId` is the host's own name for it and may hold any character. */
export function entityId(connection: ConnectionId, kind: EntityKind, nativeId: string): EntityId {
  return `${connection}/${kind}/${nativeId}` as EntityId;
}

/** The id of the record that stands for a connection itself. */
export function connectionEntityId(connection: ConnectionId): EntityId {
  return entityId(connection, 'connection', connection);
}

export interface EntityIdParts {
  readonly connectionId: ConnectionId;
  readonly kind: EntityKind;
  readonly nativeId: string;
}

/** Splits an id; throws a RangeError for a text that is none. */
export function splitEntityId(id: string): EntityIdParts {
  const first = id.indexOf('/');
  const second = id.indexOf('/', first + 1);
  const kind = id.slice(first + 1, second);
  if (first < 1 || second < 0 || second === id.length - 1 || !isEntityKind(kind)) {
    throw new RangeError(`not an entity id: ${JSON.stringify(id.slice(0, 120))}`);
  }
  return { connectionId: parseConnectionId(id.slice(0, first)), kind, nativeId: id.slice(second + 1) };
}

/** Whether the text has the form of an entity id. */
export function isEntityId(text: string): text is EntityId {
  try {
    splitEntityId(text);
    return true;
  } catch {
    return false;
  }
}

function isEntityKind(text: string): text is EntityKind {
  return (entityKinds as readonly string[]).includes(text);
}
