import { Check, CircleAlert, Loader, X } from 'lucide-react';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { EntityId } from '../../../electron/contract/ids.ts';
import type { TaskRecord } from '../../../electron/contract/records/index.ts';
import { guestPowerActions } from '../../../electron/contract/rpc/table.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { useAppStores } from '../../stores/app-stores.tsx';
import { isTaskActive } from '../../stores/task-store.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Corner } from '../../ui/corner.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { guestPlace } from './guest-place.ts';
import './bulk-progress.css';

const rowPx = 26;
const maxRows = 8;

/** Failed ones first, then those under way, then the rest: what needs a look is on top. */
function byUrgency(a: TaskRecord, b: TaskRecord): number {
  const rank = (task: TaskRecord): number => (task.state === 'failed' ? 0 : isTaskActive(task) ? 1 : 2);
  return rank(a) - rank(b);
}

function PartLine(props: { readonly part: TaskRecord }) {
  const { t } = useI18n();
  const { inventory } = useAppStores();
  const { part } = props;
  const place = part.subjectId === undefined ? '' : guestPlace(part.subjectId, inventory);
  const isBad = part.state === 'failed';
  return (
    <div className="bulk-part">
      {isBad ? (
        <CircleAlert size={14} className="bulk-bad" aria-hidden />
      ) : isTaskActive(part) ? (
        <Loader size={14} className="quiet" aria-hidden />
      ) : (
        <Check size={14} className="bulk-ok" aria-hidden />
      )}
      <span className="ellipsis" title={place}>
        {part.name} <span className="quiet">{place}</span>
      </span>
      <span className="bulk-outcome ellipsis" title={part.outcome}>
        {isBad ? part.outcome : t(`taskState.${part.state}`)}
      </span>
    </div>
  );
}

/** How a bulk action goes on, guest by guest. It does not stand in the way: closing it leaves the bulk in the task panel. */
export function BulkProgress(props: { readonly bulkId: EntityId; readonly onClose: () => void }) {
  const { t, f } = useI18n();
  const { tasks: store, client, session } = useAppStores();
  const tasks = useStore(store.state, (state) => state.tasks);
  const bulk = tasks.get(props.bulkId);
  const parts = useMemo(
    () => [...tasks.values()].filter((task) => task.parentId === props.bulkId).sort(byUrgency),
    [tasks, props.bulkId],
  );
  if (bulk === undefined) return null;
  const failed = parts.filter((part) => part.state === 'failed').length;
  const done = parts.filter((part) => !isTaskActive(part)).length;
  const total = bulk.progress?.total ?? parts.length;
  const action = guestPowerActions.find((each) => bulk.taskType.endsWith(`.${each}`));
  const title = action === undefined ? bulk.name : t(`action.${action}`);
  const isActive = isTaskActive(bulk);
  const cancel = (): void => {
    client.request('task.cancel', { id: bulk.id }).catch((error: unknown) => session.report(error, 'task.cancel'));
  };
  return (
    <Corner>
      <section className="bulk" aria-label={title}>
        <header className="bulk-header">
          <h3>{title}</h3>
          <span className="quiet" role="status">
            {t('bulk.done', { done: f.number(done), total: f.number(total) })}
            {failed > 0 && <span className="bulk-bad">, {t('bulk.failed', { count: failed })}</span>}
          </span>
          <IconButton size="small" label={t('common.close')} onClick={props.onClose}>
            <X size={14} aria-hidden />
          </IconButton>
        </header>
        <ProgressBar
          label={title}
          ratio={total === 0 ? null : done / total}
          tone={failed > 0 ? 'warn' : isActive ? 'busy' : 'ok'}
        />
        <div className="bulk-list" style={{ height: Math.min(parts.length, maxRows) * rowPx }}>
          <VirtualList
            label={title}
            count={parts.length}
            rowPx={rowPx}
            renderRow={(index) => {
              const part = parts[index];
              return part === undefined ? null : <PartLine part={part} />;
            }}
          />
        </div>
        {isActive && bulk.canCancel && (
          <footer className="bulk-footer">
            <Button onClick={cancel}>{t('bulk.cancelRest')}</Button>
          </footer>
        )}
      </section>
    </Corner>
  );
}
