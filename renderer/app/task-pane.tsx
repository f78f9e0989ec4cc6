import { ChevronDown, ChevronUp } from 'lucide-react';
import { useI18n } from '../lib/i18n/i18n-context.tsx';
import { IconButton } from '../ui/button.tsx';
import { TaskPanelListSlot, TaskPanelSummarySlot } from './slots.tsx';
import './task-pane.css';

/** The slot of the task panel under the work area: a header that always stays, and below it the list. */
export function TaskPane(props: {
  readonly isCollapsed: boolean;
  readonly onCollapsedChange: (isCollapsed: boolean) => void;
}) {
  const { t } = useI18n();
  const name = t('pane.tasks');
  return (
    <section className="task-pane" aria-label={name}>
      <header className="task-pane-header">
        <h2>{name}</h2>
        <div className="task-pane-summary">
          <TaskPanelSummarySlot />
        </div>
        <IconButton
          size="small"
          label={t(props.isCollapsed ? 'pane.expand' : 'pane.collapse', { name })}
          onClick={() => props.onCollapsedChange(!props.isCollapsed)}
        >
          {props.isCollapsed ? <ChevronUp size={14} aria-hidden /> : <ChevronDown size={14} aria-hidden />}
        </IconButton>
      </header>
      {!props.isCollapsed && <TaskPanelListSlot />}
    </section>
  );
}
