import type { ContractHandlers } from '../../../contract/rpc/table.ts';
import type { Core } from '../../core.ts';

type WindowHandlers = Pick<
  ContractHandlers,
  Extract<keyof ContractHandlers, `prompt.${string}`> | Extract<keyof ContractHandlers, `preference.${string}`>
>;

/** What all windows share: the questions that are open, and what they remember. */
export function windowHandlers({ preferences, prompts }: Core): WindowHandlers {
  return {
    'prompt.watch': (_input, send) => prompts.watch((open) => send({ prompts: [...open] })),
    'prompt.answer': async ({ promptId, answer }) => {
      await prompts.answer(promptId, answer);
      return {};
    },
    'preference.watch': (_input, send) => preferences.watch((current) => send({ preferences: current })),
    'preference.set': async ({ change }) => {
      const given = Object.entries(change).filter(([, value]) => value !== undefined);
      await preferences.set(Object.fromEntries(given));
      return {};
    },
  };
}
