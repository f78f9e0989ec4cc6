import { PanelLeft, X } from 'lucide-react';
import { useEffect, type KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import { classNames } from '../lib/class-names.ts';
import { useI18n } from '../lib/i18n/i18n-context.tsx';
import { navigate, onKeepShownPage, routeHref, useRoute } from '../lib/navigation.ts';
import { IconButton } from '../ui/button.tsx';
import { closePage, keepPage, pageKey, visitPage, type OpenPage, type OpenPagesState } from './open-pages.ts';
import { PageGlyph, usePageTitle } from './page-title.tsx';
import './work-tabs.css';

/** Takes the shown page out of the strip and goes to its neighbour. */
export function closeShownPage(open: StoreApi<OpenPagesState>, key: string, isShown: boolean): void {
  const { pages, next } = closePage(open.getState().pages, key);
  open.setState({ pages });
  if (isShown) navigate(next);
}

function WorkTab(props: {
  readonly page: OpenPage;
  readonly isShown: boolean;
  readonly onKeep: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useI18n();
  const { page, isShown } = props;
  const title = usePageTitle(page.route);
  return (
    <li className={classNames('work-tab', isShown && 'work-tab-shown', !page.isKept && 'work-tab-looked')}>
      <a
        className="work-tab-link"
        href={routeHref(page.route)}
        onKeyDown={moveFocus}
        aria-current={isShown ? 'page' : undefined}
        onDoubleClick={props.onKeep}
        onAuxClick={(event) => {
          if (event.button !== 1) return;
          event.preventDefault();
          props.onClose();
        }}
      >
        <PageGlyph route={page.route} />
        <span className="ellipsis">{title}</span>
      </a>
      <IconButton size="small" label={t('tabs.close', { name: title })} onClick={props.onClose}>
        <X size={12} aria-hidden />
      </IconButton>
    </li>
  );
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (step === 0) return;
  const links = [...(event.currentTarget.closest('ul')?.querySelectorAll<HTMLElement>('.work-tab-link') ?? [])];
  const at = links.indexOf(document.activeElement as HTMLElement);
  if (at >= 0) links[(at + step + links.length) % links.length]?.focus();
}

/** The strip of open pages. One click in the tree looks at a page, a double click on its tab keeps it. */
export function WorkTabs(props: {
  readonly open: StoreApi<OpenPagesState>;
  readonly isTreeHidden: boolean;
  readonly onShowTree: () => void;
}) {
  const { t } = useI18n();
  const route = useRoute();
  const { open } = props;
  const pages = useStore(open, (state) => state.pages);
  const shown = pageKey(route);
  const title = usePageTitle(route);
  useEffect(() => open.setState((state) => ({ pages: visitPage(state.pages, route) })), [open, route]);
  useEffect(
    () => onKeepShownPage(() => open.setState((state) => ({ pages: keepPage(state.pages, pageKey(route)) }))),
    [open, route],
  );
  useEffect(() => {
    document.title = `${title} – Wheelhouse`;
  }, [title]);
  return (
    <nav className="work-tabs" aria-label={t('tabs.open')}>
      {props.isTreeHidden && (
        <IconButton label={t('pane.expand', { name: t('pane.tree') })} onClick={props.onShowTree}>
          <PanelLeft size={16} aria-hidden />
        </IconButton>
      )}
      <ul className="work-tabs-list">
        {pages.map((page) => (
          <WorkTab
            key={page.key}
            page={page}
            isShown={page.key === shown}
            onKeep={() => open.setState((state) => ({ pages: keepPage(state.pages, page.key) }))}
            onClose={() => closeShownPage(open, page.key, page.key === shown)}
          />
        ))}
      </ul>
    </nav>
  );
}
