import { useStore } from 'zustand';
import { useAppStores } from '../../stores/app-stores.tsx';
import { IdentityPrompt } from './identity-prompt.tsx';
import type { PromptDialogProps } from './prompt-dialog-props.ts';
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

function PromptDialog(props: PromptDialogProps) {
  const { question } = props.prompt;
  if (question.type === 'identity') return <IdentityPrompt {...props} question={question} />;
  return <SecretPrompt {...props} question={question} />;
}
