import { useI18n } from '../../../lib/i18n/i18n-context.tsx';
import { accountText, type WizardDraft } from './wizard-draft.ts';

/** What has been decided so far, always in sight. */
export function WizardSummary({ draft }: { readonly draft: WizardDraft }) {
  const { t } = useI18n();
  const notYet = <span className="quiet">{t('wizard.summary.notYet')}</span>;
  const rows = [
    { key: 'host', label: t('wizard.summary.host'), value: draft.host === '' ? notYet : draft.host },
    {
      key: 'kind',
      label: t('wizard.summary.kind'),
      value: draft.kind === undefined ? notYet : t(`connectionKind.${draft.kind}`),
    },
    {
      key: 'identity',
      label: t('wizard.summary.identity'),
      value: draft.trusted === '' ? notYet : t('wizard.summary.trusted'),
    },
    {
      key: 'account',
      label: t('wizard.summary.account'),
      value: draft.kind === undefined ? notYet : accountText(draft),
    },
    ...(draft.jumps.length === 0
      ? []
      : [{ key: 'jumps', label: t('wizard.ssh.jumps'), value: draft.jumps.map((jump) => jump.host).join(' → ') }]),
    { key: 'name', label: t('wizard.name.label'), value: draft.name === '' ? notYet : draft.name },
  ];
  return (
    <aside className="wizard-summary" aria-label={t('wizard.summary')}>
      <h2>{t('wizard.summary')}</h2>
      <dl>
        {rows.map((row) => (
          <div key={row.key}>
            <dt>{row.label}</dt>
            <dd className="selectable">{row.value}</dd>
          </div>
        ))}
      </dl>
    </aside>
  );
}
