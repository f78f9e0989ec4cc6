import type { ReactNode } from 'react';
import type { EntityRecord } from '../../electron/contract/records/index.ts';
import { ConnectionWizardPage } from '../features/connections/connection-wizard-page.tsx';
import { ConnectionsPage } from '../features/connections/connections-page.tsx';
import { PromptDialogs } from '../features/prompts/prompt-dialogs.tsx';
import { useEntityDetailTabs } from '../features/details/detail-tabs.tsx';
import { EntityTasks, RecentTasks } from '../features/tasks/entity-tasks.tsx';
import { TaskPanelList, TaskPanelSummary } from '../features/tasks/task-panel.tsx';
import { TasksPage } from '../features/tasks/tasks-page.tsx';
import { SettingsPage } from '../features/settings/settings-page.tsx';
import { WelcomePage } from '../features/welcome/welcome-page.tsx';
import { useI18n } from '../lib/i18n/i18n-context.tsx';

/**
 * Where the frame and the features meet: features never import one another, so the frame asks here for the content of its
 * pages and panels.
 */

/** One inner tab of an entity's page. */
export interface EntityTab {
  /** Part of the address. */
  readonly id: string;
  readonly label: string;
  readonly content: ReactNode;
}

/** The manager of connections; `selectedId` is the connection that is shown beside the list. */
export function ConnectionsSlot(props: { readonly selectedId: string | undefined }) {
  void props;
  return <ConnectionsPage />;
}

/** The wizard: a new connection, or with an id the settings of an existing one. */
export function ConnectionWizardSlot(props: { readonly editId: string | undefined }) {
  return <ConnectionWizardPage editId={props.editId} />;
}

export function WelcomeSlot() {
  return <WelcomePage />;
}

export function SettingsSlot(props: { readonly section: string | undefined }) {
  return <SettingsPage section={props.section} />;
}

/** The full list of tasks as a page; `selectedId` is the task whose log is shown. */
export function TasksPageSlot(props: { readonly selectedId: string | undefined }) {
  return <TasksPage selectedId={props.selectedId} />;
}

/** What stands in the header of the task panel, also while it is collapsed: counts and the task that is running. */
export function TaskPanelSummarySlot() {
  return <TaskPanelSummary />;
}

/** The list below that header. */
export function TaskPanelListSlot() {
  return <TaskPanelList />;
}

/** Questions of connections (passwords, codes, changed keys), over everything else. */
export function PromptsSlot() {
  return <PromptDialogs />;
}

/** The inner tabs of an entity's page beside the table of its guests, e.g. overview, hardware, history. The first one is the default for guests, storages and networks. */
export function useDetailTabs(record: EntityRecord): readonly EntityTab[] {
  const { t } = useI18n();
  const tabs = useEntityDetailTabs(record, <RecentTasks record={record} />);
  const tasks = { id: 'tasks', label: t('pane.tasks'), content: <EntityTasks record={record} /> };
  const hasTasks = record.kind === 'guest' || record.kind === 'node' || record.kind === 'connection';
  return hasTasks ? [...tabs, tasks] : tabs;
}
