import type { EntityId } from '../../../../electron/contract/ids.ts';
import { fromLoadRow } from '../../../../electron/contract/records/index.ts';
import { useI18n } from '../../../lib/i18n/i18n-context.tsx';
import { useLoad } from '../../../stores/app-stores.tsx';
import { ProgressBar } from '../../../ui/progress-bar.tsx';

/** From here on a storage is shown as nearly full, and as full. */
const warnRatio = 0.85;
const badRatio = 0.95;

/** How much of a place is in use, as bar and figure. */
export function UsedSpace(props: { readonly id: EntityId; readonly totalBytes: number; readonly name: string }) {
  const { t, f } = useI18n();
  const row = useLoad(props.id);
  const used = row === undefined ? null : fromLoadRow(row).diskUsedBytes;
  if (used === null || props.totalBytes <= 0) return <span className="quiet">–</span>;
  const ratio = used / props.totalBytes;
  return (
    <span className="usage-cell">
      <span>{f.bytes(used)}</span>
      <ProgressBar
        ratio={ratio}
        label={`${props.name}: ${t('details.used')}`}
        tone={ratio >= badRatio ? 'bad' : ratio >= warnRatio ? 'warn' : 'busy'}
      />
      <span>{f.wholePercent(ratio)}</span>
    </span>
  );
}
