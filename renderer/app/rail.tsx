import { useI18n } from '../lib/i18n/i18n-context.tsx';
import { routeHref, useRoute } from '../lib/navigation.ts';
import { formatShortcut, isMacPlatform } from '../lib/shortcut.ts';
import { Tooltip } from '../ui/tooltip.tsx';
import { areas } from './areas.tsx';
import './rail.css';

/** The narrow strip on the left: the main areas of the window. */
export function Rail() {
  const { t } = useI18n();
  const route = useRoute();
  return (
    <nav className="rail" aria-label={t('rail.label')}>
      {areas.map((area) => {
        const name = t(`rail.${area.id}`);
        return (
          <Tooltip key={area.id} side="right" text={`${name} (${formatShortcut(area.shortcut, isMacPlatform())})`}>
            <a
              className="rail-link"
              data-area={area.id}
              href={routeHref(area.route)}
              aria-label={name}
              aria-current={area.pages.includes(route.page) ? 'page' : undefined}
            >
              {area.icon}
            </a>
          </Tooltip>
        );
      })}
    </nav>
  );
}
