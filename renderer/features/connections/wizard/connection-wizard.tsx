import { useState } from 'react';
import { connectionEntityId } from '../../../../electron/contract/ids.ts';
import { connectionSettingsSchema } from '../../../../electron/contract/connection-settings.ts';
import { useI18n } from '../../../lib/i18n/i18n-context.tsx';
import { navigate } from '../../../lib/navigation.ts';
import { useAppStores } from '../../../stores/app-stores.tsx';
import { caughtErrorText } from '../../../texts/error-text.ts';
import { Button } from '../../../ui/button.tsx';
import { addLocalConnection } from '../../../stores/add-local-connection.ts';
import { HostStep } from './host-step.tsx';
import { IdentityStep } from './identity-step.tsx';
import { NameStep } from './name-step.tsx';
import { PveSignIn } from './pve-sign-in.tsx';
import { SshSignIn } from './ssh-sign-in.tsx';
import { TestStep } from './test-step.tsx';
import { stepProblems } from './wizard-checks.ts';
import { proposedName, wizardSteps, type WizardDraft, type WizardStep } from './wizard-draft.ts';
import type { StepProps } from './wizard-props.ts';
import { toSettings, withoutSecrets } from './wizard-settings.ts';
import { WizardSteps } from './wizard-steps.tsx';
import { WizardSummary } from './wizard-summary.tsx';
import './wizard.css';

/** A new step is announced by moving the focus to its heading. */
const focusOnArrival = (heading: HTMLHeadingElement | null): void => heading?.focus();

/** The page that adds or edits a connection, step by step. Going back loses nothing. */
export function ConnectionWizard(props: { readonly initial: WizardDraft }) {
  const i18n = useI18n();
  const { t } = i18n;
  const { client } = useAppStores();
  const [draft, setDraft] = useState(props.initial);
  const [step, setStep] = useState<WizardStep>('host');
  const [hasTried, setTried] = useState(false);
  const [isSaving, setSaving] = useState(false);
  const [failure, setFailure] = useState<string>();
  const index = wizardSteps.indexOf(step);
  const problems = stepProblems(step, draft);
  const firstBad = wizardSteps.findIndex((each) => Object.keys(stepProblems(each, draft)).length > 0);

  const go = (to: WizardStep): void => {
    setTried(false);
    setFailure(undefined);
    if (to === 'name' && draft.name === '') setDraft((old) => ({ ...old, name: proposedName(old) }));
    setStep(to);
  };
  const save = async (): Promise<void> => {
    setSaving(true);
    setFailure(undefined);
    try {
      const keep = draft.remember || draft.pve.method === 'token' ? 'keep' : 'once';
      const settings = connectionSettingsSchema.parse(await toSettings(draft, keep, client));
      const id = draft.edited?.id;
      const saved = await client.request('connection.save', { ...(id === undefined ? {} : { id }), settings });
      setDraft(withoutSecrets);
      navigate({ page: 'entity', id: connectionEntityId(saved.id), tab: undefined }, { replace: true });
    } catch (error) {
      setFailure(caughtErrorText(error, i18n).what);
      setSaving(false);
    }
  };
  const next = (): void => {
    setTried(true);
    if (Object.keys(problems).length > 0) return;
    const following = wizardSteps[index + 1];
    if (following === undefined) void save();
    else go(following);
  };
  const local = (): void => {
    addLocalConnection(client).then(
      (id) => navigate({ page: 'entity', id: connectionEntityId(id), tab: undefined }),
      (error: unknown) => setFailure(caughtErrorText(error, i18n).what),
    );
  };
  const title =
    draft.edited === undefined ? t('wizard.title.new') : t('wizard.title.edit', { name: draft.edited.settings.name });

  return (
    <div className="wizard-page">
      <div className="wizard">
        <WizardSteps
          current={step}
          reachable={firstBad < 0 ? wizardSteps.length : firstBad}
          onSelect={go}
          title={title}
        />
        <section className="wizard-body" aria-labelledby="wizard-heading">
          <h2 key={step} id="wizard-heading" ref={focusOnArrival} tabIndex={-1}>
            {t(`wizard.step.${step}`)}
          </h2>
          <Step step={step} draft={draft} problems={hasTried ? problems : {}} onChange={setDraft} onLocal={local} />
          {failure !== undefined && (
            <p className="wizard-problem" role="alert">
              {failure}
            </p>
          )}
          <footer className="wizard-footer">
            <Button
              isTall
              onClick={() => {
                const before = wizardSteps[index - 1];
                if (before === undefined) navigate({ page: 'connections', id: undefined });
                else go(before);
              }}
            >
              {t(index === 0 ? 'common.cancel' : 'wizard.back')}
            </Button>
            <Button isTall variant="primary" isBusy={isSaving} onClick={next}>
              {t(step === 'name' ? 'wizard.save' : 'wizard.next')}
            </Button>
          </footer>
        </section>
        <WizardSummary draft={draft} />
      </div>
    </div>
  );
}

function Step(props: StepProps & { readonly step: WizardStep; readonly onLocal: () => void }) {
  switch (props.step) {
    case 'host':
      return <HostStep {...props} />;
    case 'identity':
      return <IdentityStep {...props} />;
    case 'sign-in':
      return props.draft.kind === 'pve' ? <PveSignIn {...props} /> : <SshSignIn {...props} />;
    case 'test':
      return <TestStep {...props} />;
    case 'name':
      return <NameStep {...props} />;
  }
}
