import type { ComponentType } from 'react';
import type { EntityId } from '../../../electron/contract/ids.ts';
import type { GuestRecord } from '../../../electron/contract/records/index.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { routeHref } from '../../lib/navigation.ts';
import { useConnection, useLoad, useNow, useRecord, useRecordOf } from '../../stores/app-stores.tsx';
import { guestGlyph, guestStateText, virtualizationText } from '../../texts/domain-text.ts';
import { Badge } from '../../ui/badge.tsx';
import { StateGlyph } from '../../ui/state-glyph.tsx';
import { loadPlaces, memoryShareOf, type GuestColumnId } from './table-values.ts';

const uptimeStepMs = 30_000;
const none = <span className="quiet">–</span>;

function NameCell(props: { readonly guest: GuestRecord }) {
  const i18n = useI18n();
  const { guest } = props;
  const connection = useConnection(guest.connectionId);
  return (
    <>
      <StateGlyph
        {...guestGlyph(guest)}
        isDim={connection?.state !== 'live'}
        lock={guest.lock === undefined ? undefined : i18n.t(`lock.${guest.lock}`)}
      />
      <a
        className="table-name ellipsis"
        href={routeHref({ page: 'entity', id: guest.id, tab: undefined })}
        tabIndex={-1}
        title={guest.name}
      >
        {guest.name}
      </a>
    </>
  );
}

function StateCell(props: { readonly guest: GuestRecord }) {
  const i18n = useI18n();
  const text = guestStateText(props.guest, i18n);
  return (
    <span className="ellipsis" title={text}>
      {text}
    </span>
  );
}

/** The name of another record, linked. */
function RefCell(props: { readonly id: EntityId | undefined }) {
  const record = useRecord(props.id);
  if (record === undefined) return none;
  return (
    <span className="ellipsis" title={record.name}>
      {record.name}
    </span>
  );
}

function ConnectionCell(props: { readonly guest: GuestRecord }) {
  const connection = useConnection(props.guest.connectionId);
  return <span className="ellipsis">{connection?.name}</span>;
}

/** A share as a figure with a thin bar behind it: two rows can be compared without reading. */
function Share(props: { readonly ratio: number | null }) {
  const { f } = useI18n();
  if (props.ratio === null) return none;
  const percent = Math.min(100, Math.round(props.ratio * 100));
  return (
    <span className="table-share" data-high={percent >= 90 || undefined}>
      <span className="table-share-bar">
        <span style={{ width: `${percent}%` }} />
      </span>
      {f.wholePercent(props.ratio)}
    </span>
  );
}

type CellProps = { readonly guest: GuestRecord };

function CpuCell(props: CellProps) {
  return <Share ratio={useLoad(props.guest.id)?.[loadPlaces.cpu] ?? null} />;
}

function MemoryShareCell(props: CellProps) {
  return <Share ratio={memoryShareOf(props.guest, useLoad(props.guest.id))} />;
}

function MemoryCell(props: CellProps) {
  const { f } = useI18n();
  const used = useLoad(props.guest.id)?.[loadPlaces.memory] ?? null;
  return used === null ? none : f.bytes(used);
}

/** A cell with one of the rates of a load. */
function rateCell(place: (typeof loadPlaces)['netIn' | 'netOut' | 'diskRead' | 'diskWrite']) {
  return function RateCell(props: CellProps) {
    const { f } = useI18n();
    const rate = useLoad(props.guest.id)?.[place] ?? null;
    return rate === null ? none : f.bytesPerS(rate);
  };
}

/** A size of the record; 0 stands for not known. */
function sizeCell(sizeOf: (guest: GuestRecord) => number) {
  return function SizeCell(props: CellProps) {
    const { f } = useI18n();
    const size = sizeOf(props.guest);
    return size === 0 ? none : f.bytes(size);
  };
}

function UptimeCell(props: { readonly guest: GuestRecord }) {
  const { f } = useI18n();
  const now = useNow(uptimeStepMs);
  const { startedAtMs } = props.guest;
  if (startedAtMs === undefined) return none;
  return <span title={f.dateTime(startedAtMs)}>{f.duration(now - startedAtMs)}</span>;
}

function TagsCell(props: { readonly tags: readonly string[] }) {
  return (
    <span className="table-tags" title={props.tags.join(', ')}>
      {props.tags.map((tag) => (
        <Badge key={tag}>{tag}</Badge>
      ))}
    </span>
  );
}

function TypeCell(props: CellProps) {
  return virtualizationText(props.guest, useI18n());
}

function CpuCountCell(props: CellProps) {
  const { f } = useI18n();
  return props.guest.cpuCount === 0 ? none : f.number(props.guest.cpuCount);
}

const cells: { readonly [Column in GuestColumnId]: ComponentType<CellProps> } = {
  name: NameCell,
  state: StateCell,
  node: ({ guest }) => <RefCell id={guest.nodeId} />,
  connection: ConnectionCell,
  pool: ({ guest }) => <RefCell id={guest.poolId} />,
  id: ({ guest }) => <span className="mono ellipsis">{guest.nativeId}</span>,
  type: TypeCell,
  tags: ({ guest }) => <TagsCell tags={guest.tags} />,
  uptime: UptimeCell,
  cpuCount: CpuCountCell,
  memoryTotal: sizeCell((guest) => guest.memoryBytes),
  disk: sizeCell((guest) => guest.diskBytes),
  ha: ({ guest }) => guest.haState ?? none,
  cpu: CpuCell,
  memory: MemoryCell,
  memoryShare: MemoryShareCell,
  netIn: rateCell(loadPlaces.netIn),
  netOut: rateCell(loadPlaces.netOut),
  diskRead: rateCell(loadPlaces.diskRead),
  diskWrite: rateCell(loadPlaces.diskWrite),
};

/** One cell of the guest table; renders again when its own guest or load changes. */
export function GuestCell(props: { readonly id: EntityId; readonly column: GuestColumnId }) {
  const guest = useRecordOf('guest', props.id);
  const Cell = cells[props.column];
  return guest === undefined ? null : <Cell guest={guest} />;
}
