import type { Prompt } from '../../../electron/contract/connection-settings.ts';

/** What every dialog of a question gets. */
export interface PromptDialogProps {
  readonly prompt: Prompt;
  /** How many questions wait behind this one. */
  readonly more: number;
}
