import type { Prompt } from '../../../electron/contract/connection-settings.ts';
import type { I18n } from '../../lib/i18n/i18n-context.tsx';

export type SecretQuestion = Exclude<Prompt['question'], { type: 'identity' }>;
export type TfaKind = 'totp' | 'recovery' | 'yubico';

/** One input of the dialog. */
export interface SecretField {
  readonly label: string;
  readonly isSecret: boolean;
  readonly hint?: string;
  readonly inputMode?: 'numeric' | 'text';
  readonly autoComplete?: 'one-time-code' | 'current-password' | 'new-password';
}

/** How a question is put to the user. */
export interface SecretForm {
  readonly title: string;
  readonly text: string;
  /** Words of the host, shown apart and never as markup. */
  readonly hostWords: string;
  readonly fields: readonly SecretField[];
  /** Said when an earlier answer was not accepted. */
  readonly again: string | undefined;
  readonly sendLabel: string;
  /** Whether keeping the answer makes sense: a one-time code does not. */
  readonly canRemember: boolean;
}

function tfaField(question: SecretQuestion & { type: 'tfa' }, kind: TfaKind, { t, f }: I18n): SecretField {
  const label = t(`prompt.tfa.${kind}`);
  if (kind === 'totp') {
    const hint = t('prompt.tfa.sixDigits');
    return { label, isSecret: false, hint, inputMode: 'numeric', autoComplete: 'one-time-code' };
  }
  if (kind === 'recovery' && question.recoveryKeysLeft.length > 0) {
    return {
      label,
      isSecret: true,
      hint: t('prompt.tfa.keysLeft', { list: f.list(question.recoveryKeysLeft.map(String)) }),
    };
  }
  return { label, isSecret: true };
}

/** The words and inputs for a question. `tfaKind` is the chosen kind where the question offers some. */
export function secretForm(question: SecretQuestion, name: string, tfaKind: TfaKind, i18n: I18n): SecretForm {
  const { t } = i18n;
  const base = { hostWords: '', again: undefined, sendLabel: t('prompt.send'), canRemember: true } as const;
  switch (question.type) {
    case 'password':
      return {
        ...base,
        title: t('prompt.password.title', { name }),
        text: t('prompt.password.text', { account: question.account }),
        fields: [{ label: t('prompt.password.label'), isSecret: true, autoComplete: 'current-password' }],
        again: question.again ? t('prompt.again') : undefined,
      };
    case 'tfa':
      return {
        ...base,
        title: t('prompt.tfa.title', { name }),
        text: t('prompt.tfa.text', { account: question.account }),
        fields: [tfaField(question, tfaKind, i18n)],
        again: question.again ? t('prompt.again') : undefined,
        canRemember: false,
      };
    case 'key-passphrase':
      return {
        ...base,
        title: t('prompt.passphrase.title'),
        text: t('prompt.passphrase.text', { name, path: question.path }),
        fields: [{ label: t('prompt.passphrase.label'), isSecret: true }],
        again: question.again ? t('prompt.again') : undefined,
      };
    case 'keyboard-interactive':
      return {
        ...base,
        title: t('prompt.interactive.title', { name }),
        text: t('prompt.interactive.source'),
        hostWords: [question.title, question.instructions].filter((words) => words !== '').join('\n'),
        fields: question.fields.map(({ label, isSecret }) => ({ label, isSecret })),
        canRemember: false,
      };
    case 'vault-passphrase':
      return vaultForm(question, i18n);
  }
}

function vaultForm(question: SecretQuestion & { type: 'vault-passphrase' }, { t }: I18n): SecretForm {
  if (!question.isNew) {
    return {
      title: t('prompt.vault.title'),
      text: t('prompt.vault.text'),
      hostWords: '',
      fields: [{ label: t('prompt.vault.label'), isSecret: true }],
      again: question.again ? t('prompt.vault.again') : undefined,
      sendLabel: t('prompt.vault.send'),
      canRemember: false,
    };
  }
  return {
    title: t('prompt.vaultNew.title'),
    text: t('prompt.vaultNew.text'),
    hostWords: '',
    fields: [
      { label: t('prompt.vaultNew.label'), isSecret: true, autoComplete: 'new-password' },
      { label: t('prompt.vaultNew.repeat'), isSecret: true, autoComplete: 'new-password' },
    ],
    again: undefined,
    sendLabel: t('prompt.vaultNew.send'),
    canRemember: false,
  };
}

/** Shorter ones are guessed too quickly, whatever the key derivation costs. */
const shortestPassphrase = 8;

/** What is wrong with each field before anything is sent; all undefined when nothing is. */
export function secretFieldErrors(
  question: SecretQuestion,
  values: readonly string[],
  { t }: I18n,
): readonly (string | undefined)[] {
  if (question.type !== 'vault-passphrase' || !question.isNew) {
    return values.map((value) => (value === '' ? t('common.required') : undefined));
  }
  const [first = '', second = ''] = values;
  return [
    first.length < shortestPassphrase ? t('prompt.vaultNew.short') : undefined,
    first === second ? undefined : t('prompt.vaultNew.differ'),
  ];
}
