import type { EntityRecord } from '../../electron/contract/records/index.ts';

/** The line over an entity's page: what it is, how it is, what can be done with it. */
export function EntityHeader(props: { readonly record: EntityRecord }) {
  return (
    <header className="entity-header">
      <h1 className="ellipsis selectable">{props.record.name}</h1>
    </header>
  );
}
