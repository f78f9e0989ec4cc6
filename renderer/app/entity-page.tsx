import { isEntityId } from '../../electron/contract/ids.ts';
import { useI18n } from '../lib/i18n/i18n-context.tsx';
import { useRecord } from '../stores/app-stores.tsx';
import { EmptyState } from '../ui/empty-state.tsx';

/** The page of one entity: its header, its tabs, the content of the chosen tab. */
export function EntityPage(props: { readonly id: string; readonly tab: string | undefined }) {
  const { t } = useI18n();
  const id = isEntityId(props.id) ? props.id : undefined;
  const record = useRecord(id);
  if (record === undefined) return <EmptyState text={t('common.unknown')} />;
  return <h1>{record.name}</h1>;
}
