import type { MessageKey } from '../../../lib/i18n/catalogue.ts';
import { presentedFingerprint, type HopDraft, type WizardDraft, type WizardStep } from './wizard-draft.ts';

/** Texts without parameters that a field can show. */
export type FieldProblem = Extract<
  MessageKey,
  'common.required' | 'wizard.port.bad' | 'wizard.token.bad' | 'wizard.identity.mustTrust' | 'wizard.kind.choose'
>;

/** What is wrong, by the name of the field. Empty when the step may be left. */
export type FieldProblems = Readonly<Record<string, FieldProblem>>;

const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;

function hopProblems(hop: HopDraft, prefix: string): [string, FieldProblem][] {
  const problems: [string, FieldProblem][] = [];
  if (hop.host.trim() === '') problems.push([`${prefix}.host`, 'common.required']);
  if (!isPort(hop.port)) problems.push([`${prefix}.port`, 'wizard.port.bad']);
  if (hop.user.trim() === '') problems.push([`${prefix}.user`, 'common.required']);
  if (hop.method === 'key' && hop.keyPath.trim() === '') problems.push([`${prefix}.keyPath`, 'common.required']);
  return problems;
}

function pveProblems({ pve, edited }: WizardDraft): [string, FieldProblem][] {
  if (pve.method === 'password') return pve.user.trim() === '' ? [['pve.user', 'common.required']] : [];
  const problems: [string, FieldProblem][] = [];
  if (!/^[^@\s]+@[^!\s]+![^\s]+$/.test(pve.tokenId.trim())) problems.push(['pve.tokenId', 'wizard.token.bad']);
  const keepsSecret =
    edited?.settings.access.kind === 'pve' && edited.settings.access.auth.method === 'token' && pve.tokenSecret === '';
  if (pve.tokenSecret === '' && !keepsSecret) problems.push(['pve.tokenSecret', 'common.required']);
  return problems;
}

/** Whether a step may be left, and if not, why, field by field. */
export function stepProblems(step: WizardStep, draft: WizardDraft): FieldProblems {
  switch (step) {
    case 'host': {
      if (draft.host.trim() === '') return { host: 'common.required' };
      if (draft.port !== '' && !isPort(draft.port)) return { port: 'wizard.port.bad' };
      return draft.kind === undefined ? { kind: 'wizard.kind.choose' } : {};
    }
    case 'identity': {
      const presented = presentedFingerprint(draft);
      return presented !== undefined && draft.trusted !== presented ? { trusted: 'wizard.identity.mustTrust' } : {};
    }
    case 'sign-in': {
      const problems =
        draft.kind === 'pve'
          ? pveProblems(draft)
          : [
              ...hopProblems(draft.target, 'target'),
              ...draft.jumps.flatMap((jump, index) => hopProblems(jump, `jump.${index}`)),
            ];
      return Object.fromEntries(problems);
    }
    case 'test':
      return {};
    case 'name':
      return draft.name.trim() === '' ? { name: 'common.required' } : {};
  }
}
