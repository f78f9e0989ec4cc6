import { useI18n } from '../lib/i18n/i18n-context.tsx';
import './tree-pane.css';

/** The slot of the inventory tree. */
export function TreePane(props: { readonly onHide: () => void; readonly onOpened?: () => void }) {
  const { t } = useI18n();
  void props;
  return <section className="tree-pane" aria-label={t('pane.tree')} />;
}
