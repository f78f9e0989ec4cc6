import type { ConnectionRecord } from '../../electron/contract/records/index.ts';
import { useI18n } from '../lib/i18n/i18n-context.tsx';
import { navigate } from '../lib/navigation.ts';
import { useAppStores, useNow } from '../stores/app-stores.tsx';
import { freshnessText } from '../texts/domain-text.ts';
import { connectionNextTryText } from '../texts/connection-text.ts';
import { errorText } from '../texts/error-text.ts';
import { Button } from '../ui/button.tsx';
import { ErrorState } from '../ui/error-state.tsx';

const ageStepMs = 10_000;

/** Counts down by itself: not told aloud every second with the alert that it stands in. */
function NextTry(props: { readonly connection: ConnectionRecord }) {
  const i18n = useI18n();
  const text = connectionNextTryText(props.connection, useNow(1000), i18n);
  return text === undefined ? null : (
    <span className="quiet" role="timer" aria-live="off">
      {text}
    </span>
  );
}

/** Says over old data that it is old, why, and what to do. */
export function ConnectionBanner(props: { readonly connection: ConnectionRecord }) {
  const i18n = useI18n();
  const { t, f } = i18n;
  const { client, session } = useAppStores();
  const now = useNow(ageStepMs);
  const { connection } = props;
  const { error, connectionId, lastGoodAtMs } = connection;
  const title = `${connection.name}: ${freshnessText(connection, now, i18n)}`;
  const age = lastGoodAtMs === undefined ? undefined : t('entity.asOf', { moment: f.time(lastGoodAtMs, now) });
  if (error === undefined) return <p className="entity-note quiet">{age === undefined ? title : `${title}. ${age}`}</p>;
  const text = errorText(error, i18n);
  const reconnect = (): void => {
    client
      .request('connection.reconnect', { id: connectionId })
      .catch((caught: unknown) => session.report(caught, 'connection.reconnect'));
  };
  return (
    <div className="entity-banner">
      <ErrorState
        title={title}
        what={text.what}
        todo={text.todo}
        since={age}
        details={text.details}
        action={
          <>
            <Button onClick={reconnect}>{t('connection.reconnectNow')}</Button>
            <Button onClick={() => navigate({ page: 'connections', id: connectionId })}>
              {t('connection.openSettings')}
            </Button>
            <NextTry connection={connection} />
          </>
        }
      />
    </div>
  );
}
