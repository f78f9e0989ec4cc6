import { Check } from 'lucide-react';
import { useI18n } from '../../../lib/i18n/i18n-context.tsx';
import { wizardSteps, type WizardStep } from './wizard-draft.ts';

/** The steps on the left. Those that nothing stands in the way of can be gone to directly. */
export function WizardSteps(props: {
  readonly title: string;
  readonly current: WizardStep;
  /** The number of steps from the first that may be opened. */
  readonly reachable: number;
  readonly onSelect: (step: WizardStep) => void;
}) {
  const { t } = useI18n();
  const currentIndex = wizardSteps.indexOf(props.current);
  return (
    <nav className="wizard-steps" aria-label={t('wizard.steps')}>
      <h1>{props.title}</h1>
      <ol>
        {wizardSteps.map((step, index) => {
          const isDone = index < currentIndex;
          return (
            <li key={step}>
              <button
                type="button"
                aria-current={step === props.current ? 'step' : undefined}
                disabled={index > props.reachable}
                onClick={() => props.onSelect(step)}
              >
                <span className="wizard-step-mark" data-done={isDone || undefined} aria-hidden>
                  {isDone ? <Check size={12} strokeWidth={3} /> : index + 1}
                </span>
                {t(`wizard.step.${step}`)}
                {isDone && <span className="visually-hidden">{t('wizard.step.done')}</span>}
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
