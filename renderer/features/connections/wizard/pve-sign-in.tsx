import { useI18n } from '../../../lib/i18n/i18n-context.tsx';
import { Field, Select, TextInput } from '../../../ui/field.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import type { WizardDraft } from './wizard-draft.ts';
import type { StepProps } from './wizard-props.ts';

/** Sign-in at Proxmox VE: a user of any realm, or an API token. */
export function PveSignIn(props: StepProps) {
  const { draft, onChange } = props;
  const { t } = useI18n();
  const change = (part: Partial<WizardDraft['pve']>): void =>
    onChange((old) => ({ ...old, pve: { ...old.pve, ...part } }));
  return (
    <>
      <div>
        <Segmented
          label={t('wizard.signIn.method')}
          options={[
            { value: 'password', label: t('wizard.signIn.password') },
            { value: 'token', label: t('wizard.signIn.token') },
          ]}
          value={draft.pve.method}
          onChange={(method) => change({ method })}
        />
      </div>
      {draft.pve.method === 'password' ? (
        <PasswordFields {...props} change={change} />
      ) : (
        <TokenFields {...props} change={change} />
      )}
      <p className="quiet">{t('wizard.signIn.tokenOnly')}</p>
    </>
  );
}

type PartProps = StepProps & { readonly change: (part: Partial<WizardDraft['pve']>) => void };

function PasswordFields({ draft, problems, change }: PartProps) {
  const { t } = useI18n();
  const { pve, probe } = draft;
  const offered = probe?.pve.found === true ? probe.pve.realms : [];
  const realms = offered.some((realm) => realm.realm === pve.realm)
    ? offered
    : [{ realm: pve.realm, comment: '', type: '', isDefault: false }, ...offered];
  const hadPassword =
    draft.edited?.settings.access.kind === 'pve' &&
    draft.edited.settings.access.auth.method === 'password' &&
    draft.edited.settings.access.auth.password !== undefined;
  return (
    <>
      <div className="wizard-line">
        <Field label={t('wizard.signIn.user')} error={problems['pve.user'] && t(problems['pve.user'])}>
          <TextInput isTall autoComplete="username" value={pve.user} onChange={(user) => change({ user })} />
        </Field>
        <Field label={t('wizard.signIn.realm')}>
          <Select
            isTall
            options={realms.map(({ realm, comment }) => ({
              value: realm,
              label: comment === '' ? realm : `${realm} (${comment})`,
            }))}
            value={pve.realm}
            onChange={(realm) => change({ realm })}
          />
        </Field>
      </div>
      <Field
        label={t('wizard.signIn.passwordLabel')}
        hint={t(hadPassword ? 'wizard.signIn.unchanged' : 'wizard.signIn.passwordHint')}
      >
        <TextInput
          isTall
          type="password"
          autoComplete="current-password"
          value={pve.password}
          onChange={(password) => change({ password })}
        />
      </Field>
    </>
  );
}

function TokenFields({ draft, problems, change }: PartProps) {
  const { t } = useI18n();
  const { pve } = draft;
  const hadToken = draft.edited?.settings.access.kind === 'pve' && draft.edited.settings.access.auth.method === 'token';
  return (
    <>
      <Field
        label={t('wizard.signIn.tokenId')}
        hint={t('wizard.signIn.tokenHint')}
        error={problems['pve.tokenId'] && t(problems['pve.tokenId'])}
      >
        <TextInput isTall isMono value={pve.tokenId} onChange={(tokenId) => change({ tokenId })} />
      </Field>
      <Field
        label={t('wizard.signIn.tokenSecret')}
        {...(hadToken ? { hint: t('wizard.signIn.unchanged') } : {})}
        error={problems['pve.tokenSecret'] && t(problems['pve.tokenSecret'])}
      >
        <TextInput
          isTall
          isMono
          type="password"
          value={pve.tokenSecret}
          onChange={(tokenSecret) => change({ tokenSecret })}
        />
      </Field>
      <section className="wizard-guide">
        <h3>{t('wizard.signIn.tokenGuide')}</h3>
        <code className="mono selectable">pveum user token add root@pam wheelhouse --privsep 0</code>
        <p className="quiet">{t('wizard.signIn.tokenGuideText')}</p>
      </section>
    </>
  );
}
