import { useEffect, useMemo, useState } from 'react';
import type { EntityId } from '../../electron/contract/ids.ts';
import { useI18n } from '../lib/i18n/i18n-context.tsx';
import { useRoute } from '../lib/navigation.ts';
import { useAppStores, useCommands, useLayoutValue } from '../stores/app-stores.tsx';
import { SplitPane } from '../ui/split-pane.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { useGlobalCommands } from './global-commands.ts';
import { useGuestCommands } from './guest-commands.ts';
import { Notices } from './notices.tsx';
import { createOpenPages, pageKey } from './open-pages.ts';
import { Page } from './page.tsx';
import { entityIdOf } from './page-title.tsx';
import { CommandPalette } from './palette/command-palette.tsx';
import { Rail } from './rail.tsx';
import { useShortcutKeys } from './shortcut-keys.ts';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';
import { StatusBar } from './status-bar.tsx';
import { TaskPane } from './task-pane.tsx';
import { TreeDrawer, useIsNarrow } from './tree-drawer.tsx';
import { TreePane } from './tree-pane.tsx';
import { useFirstPage } from './use-first-page.ts';
import { useWindowCommands } from './window-commands.ts';
import { closeShownPage, WorkTabs } from './work-tabs.tsx';
import './frame.css';

/** The height of the task panel's header, which stays when the panel is collapsed. */
const taskHeaderPx = 33;
const maxRecent = 20;

/** The entities that were looked at, latest first; the palette offers them. */
function useRecent(): readonly EntityId[] {
  const id = entityIdOf(useRoute());
  const [recent, setRecent] = useState<readonly EntityId[]>([]);
  if (id !== undefined && recent[0] !== id)
    setRecent([id, ...recent.filter((each) => each !== id)].slice(0, maxRecent));
  return recent;
}

type Overlay = 'palette' | 'shortcuts' | 'tree' | undefined;

/** The window: rail, tree, work area, task panel, status bar. */
export function Frame() {
  const { t } = useI18n();
  const { commands } = useAppStores();
  const open = useMemo(() => createOpenPages(), []);
  const shownKey = pageKey(useRoute());
  const recent = useRecent();
  const isNarrow = useIsNarrow();
  const [overlay, setOverlay] = useState<Overlay>(undefined);
  const [treePx, setTreePx] = useLayoutValue('tree.px', 300);
  const [isTreeCollapsed, setTreeCollapsed] = useLayoutValue('tree.isCollapsed', false);
  const [tasksPx, setTasksPx] = useLayoutValue('tasks.px', 220);
  const [areTasksCollapsed, setTasksCollapsed] = useLayoutValue('tasks.isCollapsed', true);
  const showTree = (): void => (isNarrow ? setOverlay('tree') : setTreeCollapsed(false));
  const actions = useMemo(
    () => ({
      openPalette: () => setOverlay('palette'),
      showShortcuts: () => setOverlay('shortcuts'),
      toggleTree: () => (isNarrow ? setOverlay('tree') : setTreeCollapsed(!isTreeCollapsed)),
      toggleTasks: () => setTasksCollapsed(!areTasksCollapsed),
      closePage: () => closeShownPage(open, shownKey, true),
    }),
    [isNarrow, isTreeCollapsed, setTreeCollapsed, areTasksCollapsed, setTasksCollapsed, open, shownKey],
  );
  useCommands(useGlobalCommands(actions));
  useCommands(useGuestCommands());
  useShortcutKeys(commands);
  useFirstPage();
  useWindowCommands();
  const close = (): void => setOverlay(undefined);
  useEffect(() => document.documentElement.setAttribute('lang', t('app.language')), [t]);
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
        <ErrorBoundary key={shownKey}>
          <Page />
        </ErrorBoundary>
      </main>
    </SplitPane>
  );
  return (
    <div className="frame">
      <SkipLink />
      <div className="frame-body">
        <Rail />
        {isNarrow ? (
          work
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
            side={!isTreeCollapsed && <TreePane onHide={() => setTreeCollapsed(true)} />}
          >
            {work}
          </SplitPane>
        )}
      </div>
      <StatusBar onPalette={actions.openPalette} onShortcuts={actions.showShortcuts} />
      <TreeDrawer isOpen={isNarrow && overlay === 'tree'} onClose={close} />
      <CommandPalette isOpen={overlay === 'palette'} recent={recent} onClose={close} />
      <ShortcutsDialog isOpen={overlay === 'shortcuts'} onClose={close} />
      <Notices />
    </div>
  );
}

function SkipLink() {
  const { t } = useI18n();
  return (
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
  );
}
