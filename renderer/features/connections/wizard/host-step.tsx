import { Search } from 'lucide-react';
import { useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { ErrorShape } from '../../../../electron/contract/errors.ts';
import { useI18n, type I18n } from '../../../lib/i18n/i18n-context.tsx';
import { useAppStores } from '../../../stores/app-stores.tsx';
import { caughtErrorText, errorText } from '../../../texts/error-text.ts';
import { Button } from '../../../ui/button.tsx';
import { Field, TextInput } from '../../../ui/field.tsx';
import { ChoiceCard } from './choice-card.tsx';
import { parseAddress, withProbe } from './wizard-draft.ts';
import type { StepProps } from './wizard-props.ts';

/** Where to, and what answers there. Nothing secret is sent by looking. */
export function HostStep(props: StepProps & { readonly onLocal: () => void }) {
  const { draft, problems, onChange } = props;
  const i18n = useI18n();
  const { t } = i18n;
  const { client, session } = useAppStores();
  const local = useStore(session.state, (state) => state.facts?.localMachine);
  const looking = useRef<AbortController>(undefined);
  const [isLooking, setLooking] = useState(false);
  const [failure, setFailure] = useState<string>();

  const look = async (): Promise<void> => {
    const { host, port, user } = parseAddress(draft.host);
    if (host === '') return;
    const wanted = port === '' ? draft.port : port;
    onChange((old) => ({ ...old, host, port: wanted, target: user === '' ? old.target : { ...old.target, user } }));
    looking.current?.abort();
    const ours = new AbortController();
    looking.current = ours;
    setLooking(true);
    setFailure(undefined);
    try {
      const probe = await client.request(
        'connection.probe',
        { host, ...(/^\d+$/.test(wanted) ? { port: Number(wanted) } : {}) },
        ours.signal,
      );
      onChange((old) => withProbe(old, probe));
    } catch (error) {
      if (!ours.signal.aborted) setFailure(caughtErrorText(error, i18n).what);
    } finally {
      if (looking.current === ours) setLooking(false);
    }
  };

  return (
    <>
      <p>{t('wizard.host.text')}</p>
      <form
        className="wizard-line"
        onSubmit={(event) => {
          event.preventDefault();
          void look();
        }}
      >
        <Field label={t('wizard.host.label')} error={problems['host'] && t(problems['host'])}>
          <TextInput
            isTall
            value={draft.host}
            placeholder={t('wizard.host.placeholder')}
            onChange={(host) => onChange((old) => ({ ...old, host, probe: undefined, kind: old.edited && old.kind }))}
          />
        </Field>
        <Field
          label={t('wizard.host.port')}
          hint={t('wizard.host.portHint')}
          error={problems['port'] && t(problems['port'])}
        >
          <TextInput
            isTall
            inputMode="numeric"
            value={draft.port}
            onChange={(port) => onChange((old) => ({ ...old, port, probe: undefined }))}
          />
        </Field>
        <Button
          isTall
          type="submit"
          variant={draft.probe === undefined ? 'primary' : 'normal'}
          isBusy={isLooking}
          icon={<Search size={14} aria-hidden />}
        >
          {t(isLooking ? 'wizard.host.probing' : 'wizard.host.probe')}
        </Button>
      </form>
      {failure !== undefined && (
        <p className="wizard-problem" role="alert">
          {failure}
        </p>
      )}
      <ProbeAnswers {...props} />
      {local !== undefined && (local.hasLibvirt || local.hasLxc) && draft.edited === undefined && (
        <fieldset className="wizard-choices">
          <legend>{t('wizard.host.orElse')}</legend>
          <ChoiceCard
            title={t('wizard.host.local', { name: local.name })}
            text={t('wizard.host.localText')}
            isChosen={false}
            onChoose={props.onLocal}
          />
        </fieldset>
      )}
    </>
  );
}

/** Why nothing was found; without an error nobody looked. */
function whyNot(error: ErrorShape | undefined, i18n: I18n): string {
  return error === undefined ? i18n.t('wizard.host.notLooked') : errorText(error, i18n).what;
}

/** What was found, as choices; what was not found, with the reason. */
function ProbeAnswers({ draft, problems, onChange }: StepProps) {
  const i18n = useI18n();
  const { t } = i18n;
  const { probe } = draft;
  if (probe === undefined) return null;
  const { pve, ssh, sshConfig } = probe;
  const choose = (kind: 'pve' | 'debian') => (): void => onChange((old) => ({ ...old, kind, trusted: '' }));
  return (
    <fieldset className="wizard-choices" aria-live="polite">
      <legend>{t('wizard.host.answers', { host: probe.host })}</legend>
      {problems['kind'] !== undefined && (
        <p className="wizard-problem" role="alert">
          {t(problems['kind'])}
        </p>
      )}
      {sshConfig !== undefined && (
        <p className="quiet">{t('wizard.host.sshConfig', { alias: sshConfig.alias, host: sshConfig.hostName })}</p>
      )}
      {pve.found ? (
        <ChoiceCard
          title={t('wizard.host.pve', { port: String(pve.port) })}
          text={t('wizard.host.pveText')}
          isChosen={draft.kind === 'pve'}
          onChoose={choose('pve')}
        />
      ) : (
        <p className="quiet">{t('wizard.host.pveMissing', { why: whyNot(pve.why, i18n) })}</p>
      )}
      {ssh.found ? (
        <ChoiceCard
          title={t('wizard.host.ssh', { port: String(ssh.port) })}
          text={t('wizard.host.sshText', { version: ssh.serverVersion })}
          isChosen={draft.kind === 'debian'}
          onChoose={choose('debian')}
        />
      ) : (
        <p className="quiet">{t('wizard.host.sshMissing', { why: whyNot(ssh.why, i18n) })}</p>
      )}
      {!ssh.found && !pve.found && (
        <ChoiceCard
          title={t('wizard.host.sshAnyway')}
          text={t('wizard.host.sshAnywayText')}
          isChosen={draft.kind === 'debian'}
          onChoose={choose('debian')}
        />
      )}
    </fieldset>
  );
}
