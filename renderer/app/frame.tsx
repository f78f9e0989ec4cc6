import { useMemo, useState } from 'react';
import { useI18n } from '../lib/i18n/i18n-context.tsx';
import { useLayoutValue } from '../stores/app-stores.tsx';
import { SplitPane } from '../ui/split-pane.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { createOpenPages } from './open-pages.ts';
import { Page } from './page.tsx';
import { Rail } from './rail.tsx';
import { StatusBar } from './status-bar.tsx';
import { TaskPane } from './task-pane.tsx';
import { TreeDrawer, useIsNarrow } from './tree-drawer.tsx';
import { TreePane } from './tree-pane.tsx';
import { WorkTabs } from './work-tabs.tsx';
import './frame.css';

/** The height of the task panel's header, which stays when the panel is collapsed. */
const taskHeaderPx = 33;

/** The window: rail, tree, work area, task panel, status bar. */
export function Frame() {
  const { t } = useI18n();
  const open = useMemo(() => createOpenPages(), []);
  const isNarrow = useIsNarrow();
  const [isDrawerOpen, setDrawerOpen] = useState(false);
  const [treePx, setTreePx] = useLayoutValue('tree.px', 300);
  const [isTreeCollapsed, setTreeCollapsed] = useLayoutValue('tree.isCollapsed', false);
  const [tasksPx, setTasksPx] = useLayoutValue('tasks.px', 220);
  const [areTasksCollapsed, setTasksCollapsed] = useLayoutValue('tasks.isCollapsed', true);
  const showTree = (): void => (isNarrow ? setDrawerOpen(true) : setTreeCollapsed(false));
  const work = (
    <SplitPane
      orientation="vertical"
      sideFirst={false}
      sizePx={tasksPx}
      minPx={120}
      maxPx={640}
      isCollapsed={areTasksCollapsed}
      collapsedPx={taskHeaderPx}
      resizeLabel={`${t('pane.resize')}: ${t('pane.tasks')}`}
      onResized={setTasksPx}
      onCollapsedChange={setTasksCollapsed}
      side={<TaskPane isCollapsed={areTasksCollapsed} onCollapsedChange={setTasksCollapsed} />}
    >
      <main className="work-area" id="work" aria-label={t('pane.work')} tabIndex={-1}>
        <WorkTabs open={open} isTreeHidden={isNarrow || isTreeCollapsed} onShowTree={showTree} />
        <ErrorBoundary>
          <Page />
        </ErrorBoundary>
      </main>
    </SplitPane>
  );
  return (
    <div className="frame">
      <a
        className="skip-link"
        href="#work"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('work')?.focus();
        }}
      >
        {t('app.skip')}
      </a>
      <div className="frame-body">
        <Rail />
        {isNarrow ? (
          <>
            <TreeDrawer isOpen={isDrawerOpen} onClose={() => setDrawerOpen(false)} />
            {work}
          </>
        ) : (
          <SplitPane
            orientation="horizontal"
            sideFirst
            sizePx={treePx}
            minPx={200}
            maxPx={560}
            isCollapsed={isTreeCollapsed}
            resizeLabel={`${t('pane.resize')}: ${t('pane.tree')}`}
            onResized={setTreePx}
            onCollapsedChange={setTreeCollapsed}
            side={<TreePane onHide={() => setTreeCollapsed(true)} />}
          >
            {work}
          </SplitPane>
        )}
      </div>
      <StatusBar onPalette={() => undefined} onShortcuts={() => undefined} />
    </div>
  );
}
