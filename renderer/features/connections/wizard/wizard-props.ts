import type { FieldProblems } from './wizard-checks.ts';
import type { WizardDraft } from './wizard-draft.ts';

/** What every step of the wizard gets. */
export interface StepProps {
  readonly draft: WizardDraft;
  /** Empty until the user has tried to go on. */
  readonly problems: FieldProblems;
  readonly onChange: (change: (draft: WizardDraft) => WizardDraft) => void;
}
