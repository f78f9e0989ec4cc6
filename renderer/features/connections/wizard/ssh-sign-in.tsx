import { ArrowUp, Plus, Trash2 } from 'lucide-react';
import { useI18n } from '../../../lib/i18n/i18n-context.tsx';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Field, Select, TextInput } from '../../../ui/field.tsx';
import { emptyHop, type HopDraft } from './wizard-draft.ts';
import type { FieldProblems } from './wizard-checks.ts';
import type { StepProps } from './wizard-props.ts';

/** Sign-in over SSH: user, method, rights on the host, and the jump hosts on the way. */
export function SshSignIn({ draft, problems, onChange }: StepProps) {
  const { t } = useI18n();
  const setJumps = (jumps: readonly HopDraft[]): void => onChange((old) => ({ ...old, jumps }));
  return (
    <>
      <HopFields
        hop={draft.target}
        prefix="target"
        problems={problems}
        isEdited={draft.edited !== undefined}
        onChange={(target) => onChange((old) => ({ ...old, target }))}
      />
      <Field label={t('wizard.ssh.privilege')}>
        <Select
          isTall
          options={(['automatic', 'none', 'sudo'] as const).map((value) => ({
            value,
            label: t(`wizard.ssh.privilege.${value}`),
          }))}
          value={draft.privilege}
          onChange={(privilege) => onChange((old) => ({ ...old, privilege }))}
        />
      </Field>
      <section className="wizard-jumps" aria-label={t('wizard.ssh.jumps')}>
        <h3>{t('wizard.ssh.jumps')}</h3>
        {draft.jumps.length > 0 && <p className="quiet">{t('wizard.ssh.jumpsText')}</p>}
        {draft.jumps.map((jump, index) => (
          <fieldset key={index} className="wizard-jump">
            <legend>{t('wizard.ssh.jump', { number: index + 1 })}</legend>
            <div className="wizard-jump-actions">
              {index > 0 && (
                <IconButton
                  size="small"
                  label={t('wizard.ssh.moveUp')}
                  onClick={() => setJumps(movedUp(draft.jumps, index))}
                >
                  <ArrowUp size={14} aria-hidden />
                </IconButton>
              )}
              <IconButton
                size="small"
                label={t('wizard.ssh.removeJump')}
                onClick={() => setJumps(draft.jumps.filter((_, at) => at !== index))}
              >
                <Trash2 size={14} aria-hidden />
              </IconButton>
            </div>
            <HopFields
              hasHost
              hop={jump}
              prefix={`jump.${index}`}
              problems={problems}
              isEdited={draft.edited !== undefined}
              onChange={(changed) => setJumps(draft.jumps.map((old, at) => (at === index ? changed : old)))}
            />
          </fieldset>
        ))}
        <div>
          <Button icon={<Plus size={14} aria-hidden />} onClick={() => setJumps([...draft.jumps, emptyHop])}>
            {t('wizard.ssh.addJump')}
          </Button>
        </div>
      </section>
    </>
  );
}

function movedUp(jumps: readonly HopDraft[], index: number): readonly HopDraft[] {
  const moved = [...jumps];
  const [jump] = moved.splice(index, 1);
  if (jump !== undefined) moved.splice(index - 1, 0, jump);
  return moved;
}

function HopFields(props: {
  readonly hop: HopDraft;
  readonly prefix: string;
  readonly problems: FieldProblems;
  readonly isEdited: boolean;
  readonly hasHost?: boolean;
  readonly onChange: (hop: HopDraft) => void;
}) {
  const { t } = useI18n();
  const { hop, onChange } = props;
  const problem = (name: string): string | undefined => {
    const key = props.problems[`${props.prefix}.${name}`];
    return key && t(key);
  };
  const change = (part: Partial<HopDraft>): void => onChange({ ...hop, ...part });
  const secretHint = t(props.isEdited ? 'wizard.signIn.unchanged' : 'wizard.ssh.askedHint');
  return (
    <>
      {props.hasHost === true && (
        <div className="wizard-line">
          <Field label={t('wizard.host.label')} error={problem('host')}>
            <TextInput isTall value={hop.host} onChange={(host) => change({ host })} />
          </Field>
          <Field label={t('wizard.host.port')} error={problem('port')}>
            <TextInput isTall inputMode="numeric" value={hop.port} onChange={(port) => change({ port })} />
          </Field>
        </div>
      )}
      <div className="wizard-line">
        <Field label={t('wizard.signIn.user')} error={problem('user')}>
          <TextInput isTall autoComplete="username" value={hop.user} onChange={(user) => change({ user })} />
        </Field>
        <Field label={t('wizard.signIn.method')}>
          <Select
            isTall
            options={(['automatic', 'agent', 'key', 'password'] as const).map((value) => ({
              value,
              label: t(`wizard.ssh.${value}`),
            }))}
            value={hop.method}
            onChange={(method) => change({ method, secret: '' })}
          />
        </Field>
      </div>
      {hop.method === 'key' && (
        <Field label={t('wizard.ssh.keyPath')} error={problem('keyPath')}>
          <TextInput
            isTall
            isMono
            placeholder="~/.ssh/id_ed25519"
            value={hop.keyPath}
            onChange={(keyPath) => change({ keyPath })}
          />
        </Field>
      )}
      {(hop.method === 'key' || hop.method === 'password') && (
        <Field
          label={t(hop.method === 'key' ? 'wizard.ssh.passphrase' : 'wizard.signIn.passwordLabel')}
          hint={secretHint}
        >
          <TextInput isTall type="password" value={hop.secret} onChange={(secret) => change({ secret })} />
        </Field>
      )}
    </>
  );
}
