import { ArrowLeft } from 'lucide-react';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import './settings.css';

/** Where the build puts the notices of everything that is shipped. */
const noticesPath = './third-party.json';

const noticesSchema = z.array(
  z.object({
    name: z.string(),
    version: z.string(),
    identifier: z.string().nullish(),
    text: z.string().nullish(),
  }),
);
type Notices = z.infer<typeof noticesSchema>;
type Loaded = { readonly notices: Notices } | { readonly problem: string } | undefined;

function useNotices(): Loaded {
  const [loaded, setLoaded] = useState<Loaded>();
  useEffect(() => {
    const leaving = new AbortController();
    const read = async (): Promise<void> => {
      try {
        const answer = await fetch(noticesPath, { signal: leaving.signal });
        if (!answer.ok) setLoaded({ problem: `${answer.status} ${answer.statusText}` });
        else setLoaded({ notices: noticesSchema.parse(await answer.json()) });
      } catch (error) {
        if (!leaving.signal.aborted) setLoaded({ problem: String(error) });
      }
    };
    void read();
    return () => leaving.abort();
  }, []);
  return loaded;
}

/** The licences of everything that is shipped with the app, as its authors wrote them. */
export function LicencesPage(props: { readonly onBack: () => void }) {
  const { t } = useI18n();
  const loaded = useNotices();
  return (
    <div className="licences">
      <Toolbar label={t('settings.licences')}>
        <Button variant="quiet" icon={<ArrowLeft size={14} aria-hidden />} onClick={props.onBack}>
          {t('settings.licences.back')}
        </Button>
        <h1>{t('settings.licences')}</h1>
      </Toolbar>
      {loaded === undefined && <EmptyState text={t('common.loading')} />}
      {loaded !== undefined && 'problem' in loaded && (
        <ErrorState
          placement="page"
          what={t('settings.licences.failed')}
          todo={t('settings.licence.text')}
          details={loaded.problem}
        />
      )}
      {loaded !== undefined && 'notices' in loaded && (
        <ul className="licences-list">
          {loaded.notices.map((notice) => (
            <li key={`${notice.name} ${notice.version}`}>
              <details>
                <summary>
                  <span className="licences-name">{notice.name}</span> {notice.version}
                  <span className="quiet">{notice.identifier ?? ''}</span>
                </summary>
                <pre className="mono selectable">
                  {(notice.text ?? '') === '' ? t('settings.licences.noText') : notice.text}
                </pre>
              </details>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
