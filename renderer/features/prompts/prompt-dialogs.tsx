import { useStore } from 'zustand';
import type { Prompt } from '../../../electron/contract/connection-settings.ts';
import { useAppStores } from '../../stores/app-stores.tsx';
import { IdentityPrompt } from './identity-prompt.tsx';
import { SecretPrompt } from './secret-prompt.tsx';

/** Shows the oldest question that was not put off. One at a time, whatever number of connections ask. */
export function PromptDialogs() {
  const { prompts } = useAppStores();
  const { prompts: open, postponed } = useStore(prompts.state);
  const waiting = open.filter((prompt) => !postponed.has(prompt.promptId));
  const [current] = waiting;
  if (current === undefined) return null;
  return <PromptDialog key={current.promptId} prompt={current} more={waiting.length - 1} />;
}

/** What every dialog of a question gets. */
export interface PromptDialogProps {
  readonly prompt: Prompt;
  /** How many questions wait behind this one. */
  readonly more: number;
}

function PromptDialog(props: PromptDialogProps) {
  const { question } = props.prompt;
  if (question.type === 'identity') return <IdentityPrompt {...props} question={question} />;
  return <SecretPrompt {...props} question={question} />;
}
