import { useState } from 'react';
import type { ConfigurationLine, EntityDetails, GuestRecord } from '../../../../electron/contract/records/index.ts';
import { useI18n } from '../../../lib/i18n/i18n-context.tsx';
import { useEntityDetails } from '../../../stores/entity-details.ts';
import { errorText } from '../../../texts/error-text.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Field, TextInput } from '../../../ui/field.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { DetailsPage } from '../details-page.tsx';
import { findMatches, splitByMatch } from './text-matches.ts';

function Marked(props: { readonly text: string; readonly search: string }) {
  return splitByMatch(props.text, props.search).map((part, index) =>
    part.isMatch ? <mark key={index}>{part.text}</mark> : <span key={index}>{part.text}</span>,
  );
}

function ConfigLines(props: { readonly lines: readonly ConfigurationLine[]; readonly search: string }) {
  const { t } = useI18n();
  const { search } = props;
  const wanted = search.trim().toLowerCase();
  const lines = props.lines.filter(
    (line) => wanted === '' || `${line.key} ${line.value} ${line.pending ?? ''}`.toLowerCase().includes(wanted),
  );
  if (lines.length === 0) return <EmptyState text={t('config.nothing', { text: search })} />;
  return (
    <table className="plain-table">
      <thead>
        <tr>
          <th scope="col">{t('config.key')}</th>
          <th scope="col">{t('config.value')}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line, index) => (
          <tr key={`${line.key}:${index}`}>
            <th scope="row" className="mono selectable">
              <Marked text={line.key} search={search} />
            </th>
            <td className="mono selectable">
              <Marked text={line.value} search={search} />
              {line.pending !== undefined && (
                <div className="config-pending">
                  {line.pending === '' ? (
                    t('config.pendingDelete')
                  ) : (
                    <>
                      {t('config.pending')}: <Marked text={line.pending} search={search} />
                    </>
                  )}
                </div>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function LoadedConfiguration(props: { readonly guest: GuestRecord; readonly details: EntityDetails }) {
  const { t } = useI18n();
  const { configuration, configurationText } = props.details;
  const [search, setSearch] = useState('');
  const [wanted, setWanted] = useState<'lines' | 'text'>('lines');
  const view = configuration.length === 0 ? 'text' : configurationText === '' ? 'lines' : wanted;
  const pendingCount = configuration.filter((line) => line.pending !== undefined).length;
  const matches = view === 'text' && search !== '' ? findMatches(configurationText, search).length : undefined;
  return (
    <DetailsPage record={props.guest}>
      <div className="details-bar">
        <Field label={t('config.search')} isLabelHidden>
          <TextInput type="search" placeholder={t('config.search')} value={search} onChange={setSearch} />
        </Field>
        {configuration.length > 0 && configurationText !== '' && (
          <Segmented
            label={t('config.view')}
            value={view}
            options={[
              { value: 'lines', label: t('config.lines') },
              { value: 'text', label: t('config.text') },
            ]}
            onChange={setWanted}
          />
        )}
        {matches !== undefined && <span className="quiet">{t('config.found', { count: matches })}</span>}
        {pendingCount > 0 && (
          <span className="config-pending">{t('config.pendingCount', { count: pendingCount })}</span>
        )}
        {view === 'text' && <CopyButton text={configurationText} what={t('details.configuration')} />}
      </div>
      {view === 'text' ? (
        <pre className="config-text mono selectable" tabIndex={0} aria-label={t('details.configuration')}>
          <Marked text={configurationText} search={search} />
        </pre>
      ) : (
        <ConfigLines lines={configuration} search={search} />
      )}
    </DetailsPage>
  );
}

/** The configuration of a guest as the host keeps it: settings with what waits for a restart, and the host's own text. */
export function GuestConfiguration(props: { readonly guest: GuestRecord }) {
  const i18n = useI18n();
  const { t } = i18n;
  const { details, error } = useEntityDetails(props.guest.id);
  if (details === undefined) {
    return error === undefined ? (
      <EmptyState text={t('details.loading')} />
    ) : (
      <ErrorState placement="page" title={t('details.failed')} {...errorText(error, i18n)} />
    );
  }
  if (details.configuration.length === 0 && details.configurationText === '') {
    return <EmptyState text={t('details.noConfiguration')} />;
  }
  return <LoadedConfiguration guest={props.guest} details={details} />;
}
