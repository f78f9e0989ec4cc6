import type { CertificateIdentity, HostKeyIdentity } from '../../../../electron/contract/connection-settings.ts';
import type { ConnectionId } from '../../../../electron/contract/ids.ts';
import { useI18n } from '../../../lib/i18n/i18n-context.tsx';
import { useAppStores, useNow } from '../../../stores/app-stores.tsx';
import { connectionNames } from '../../../texts/connection-text.ts';
import { Checkbox } from '../../../ui/field.tsx';
import { presentedFingerprint } from './wizard-draft.ts';
import type { StepProps } from './wizard-props.ts';

/** Shows who answers, before any secret is sent, and asks for trust. */
export function IdentityStep({ draft, problems, onChange }: StepProps) {
  const { t } = useI18n();
  const { inventory } = useAppStores();
  const presented = presentedFingerprint(draft);
  const others = knownAs(draft);
  const pinned = pinnedBefore(draft);
  if (presented === undefined) return <p>{t('wizard.identity.none')}</p>;
  return (
    <>
      <p>{t('wizard.identity.text')}</p>
      {pinned !== undefined && pinned !== presented && (
        <p className="wizard-problem selectable" role="alert">
          {t('wizard.identity.pinnedDiffers', { fingerprint: pinned })}
        </p>
      )}
      {draft.kind === 'pve' && draft.probe?.pve.found === true && (
        <Certificate certificate={draft.probe.pve.certificate} />
      )}
      {draft.kind === 'debian' && draft.probe?.ssh.found === true && (
        <HostKey hostKey={draft.probe.ssh.hostKey} serverVersion={draft.probe.ssh.serverVersion} />
      )}
      {others.length > 0 && (
        <p className="wizard-warning">
          {t('wizard.identity.alreadyKnown', { names: connectionNames(others, inventory) })}
        </p>
      )}
      <Checkbox
        label={t('wizard.identity.trust')}
        isChecked={draft.trusted === presented}
        onChange={(isTrusted) => onChange((old) => ({ ...old, trusted: isTrusted ? presented : '' }))}
      />
      {problems['trusted'] !== undefined && (
        <p className="wizard-problem" role="alert">
          {t(problems['trusted'])}
        </p>
      )}
    </>
  );
}

/** Other connections that trust who answers here. */
function knownAs({ edited, kind, probe }: StepProps['draft']): readonly ConnectionId[] {
  const answer = kind === 'pve' ? probe?.pve : probe?.ssh;
  const known = answer?.found === true ? (answer.knownAs ?? []) : [];
  return known.filter((id) => id !== edited?.id);
}

function pinnedBefore(draft: StepProps['draft']): string | undefined {
  const access = draft.edited?.settings.access;
  if (access?.kind === 'pve') return access.endpoints[0]?.fingerprint;
  if (access?.kind === 'debian') return access.target.hostKeys[0];
  return undefined;
}

function Certificate({ certificate }: { readonly certificate: CertificateIdentity }) {
  const { t, f } = useI18n();
  const now = useNow(60_000);
  const isInTime = certificate.validFromMs <= now && now <= certificate.validToMs;
  return (
    <>
      <dl className="wizard-facts selectable">
        <dt>{t('wizard.identity.fingerprint')}</dt>
        <dd className="mono wizard-fingerprint">{certificate.fingerprint}</dd>
        <dt>{t('wizard.identity.subject')}</dt>
        <dd>{certificate.subject}</dd>
        <dt>{t('wizard.identity.issuer')}</dt>
        <dd>{certificate.isSelfSigned ? t('wizard.identity.selfSigned') : certificate.issuer}</dd>
        <dt>{t('wizard.identity.valid')}</dt>
        <dd>
          {t('wizard.identity.until', {
            from: f.dateTime(certificate.validFromMs),
            to: f.dateTime(certificate.validToMs),
          })}
        </dd>
      </dl>
      {!isInTime && <p className="wizard-warning">{t('wizard.identity.expired')}</p>}
      <p className="quiet mono selectable">{t('wizard.identity.how.pve')}</p>
    </>
  );
}

function HostKey(props: { readonly hostKey: HostKeyIdentity; readonly serverVersion: string }) {
  const { t } = useI18n();
  const { algorithm, fingerprint, known } = props.hostKey;
  const keyName = algorithm.replace(/^ssh-/, '').replace(/^ecdsa-.*/, 'ecdsa');
  return (
    <>
      <dl className="wizard-facts selectable">
        <dt>{t('wizard.identity.fingerprint')}</dt>
        <dd className="mono wizard-fingerprint">{fingerprint}</dd>
        <dt>{t('wizard.identity.algorithm')}</dt>
        <dd className="mono">{algorithm}</dd>
        <dt>{t('wizard.identity.server')}</dt>
        <dd className="mono">{props.serverVersion}</dd>
      </dl>
      <p className={known === 'changed' ? 'wizard-problem' : 'quiet'} role={known === 'changed' ? 'alert' : undefined}>
        {t(`wizard.identity.${known}`)}
      </p>
      <p className="quiet mono selectable">
        {t('wizard.identity.how.debian', { path: `/etc/ssh/ssh_host_${keyName}_key.pub` })}
      </p>
    </>
  );
}
