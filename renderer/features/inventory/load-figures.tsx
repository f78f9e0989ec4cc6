import type { EntityId } from '../../../electron/contract/ids.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { useLoad } from '../../stores/app-stores.tsx';

/** CPU and memory at the end of a line of the tree; renders alone when its own load moves. */
export function LoadFigures(props: { readonly id: EntityId; readonly memoryBytes: number; readonly asShare: boolean }) {
  const { f } = useI18n();
  const load = useLoad(props.id);
  const cpu = load?.[1] ?? null;
  const memory = load?.[2] ?? null;
  if (cpu === null && memory === null) return null;
  const memoryText =
    memory === null
      ? ''
      : props.asShare && props.memoryBytes > 0
        ? f.wholePercent(memory / props.memoryBytes)
        : f.compactBytes(memory);
  return (
    <span className="load-figures">
      <span className="load-cpu">{cpu === null ? '' : f.wholePercent(cpu)}</span>
      <span className="load-memory">{memoryText}</span>
    </span>
  );
}
