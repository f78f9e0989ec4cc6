import { useRef, useState, type FormEvent } from 'react';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { caughtErrorText } from '../../texts/error-text.ts';
import { useAppStores } from '../../stores/app-stores.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Checkbox, Field, Select, TextInput } from '../../ui/field.tsx';
import type { PromptDialogProps } from './prompt-dialog-props.ts';
import { secretFieldErrors, secretForm, type SecretQuestion, type TfaKind } from './secret-fields.ts';
import './prompts.css';

/** Asks for a secret. What is typed stays in this component and is forgotten when it is sent or closed. */
export function SecretPrompt(props: PromptDialogProps & { readonly question: SecretQuestion }) {
  const { prompt, question } = props;
  const i18n = useI18n();
  const { t } = i18n;
  const { prompts } = useAppStores();
  const kinds: readonly TfaKind[] = question.type === 'tfa' ? question.kinds : [];
  const [tfaKind, setTfaKind] = useState<TfaKind>(kinds[0] ?? 'totp');
  const form = secretForm(question, prompt.connectionName, tfaKind, i18n);
  const [values, setValues] = useState<readonly string[]>(() => form.fields.map(() => ''));
  const [remember, setRemember] = useState(false);
  const [isSending, setSending] = useState(false);
  const [wasTried, setTried] = useState(false);
  const [failure, setFailure] = useState<string>();
  const firstField = useRef<HTMLInputElement>(null);
  const errors = secretFieldErrors(question, values, i18n);

  const send = async (): Promise<void> => {
    setTried(true);
    if (errors.some((error) => error !== undefined)) return;
    setSending(true);
    setFailure(undefined);
    const isNewVault = question.type === 'vault-passphrase' && question.isNew;
    const secrets = isNewVault
      ? values.slice(0, 1)
      : values.map((value) => (question.type === 'tfa' ? value.trim() : value));
    try {
      await prompts.answerWithSecrets(prompt.promptId, {
        secrets,
        remember,
        ...(question.type === 'tfa' ? { tfaKind } : {}),
      });
    } catch (error) {
      setFailure(caughtErrorText(error, i18n).what);
    }
    setValues(form.fields.map(() => ''));
    setTried(false);
    setSending(false);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void send();
  };

  return (
    <Dialog
      isOpen
      size="small"
      title={form.title}
      initialFocus={firstField}
      onClose={() => prompts.postpone(prompt.promptId)}
    >
      <form className="prompt-form" onSubmit={submit}>
        <p>{form.text}</p>
        {form.hostWords !== '' && <pre className="prompt-host-words selectable">{form.hostWords}</pre>}
        {(failure ?? form.again) !== undefined && (
          <p className="prompt-problem" role="alert">
            {failure ?? form.again}
          </p>
        )}
        {kinds.length > 1 && (
          <Field label={t('prompt.tfa.kind')}>
            <Select
              isTall
              options={kinds.map((kind) => ({ value: kind, label: t(`prompt.tfa.${kind}`) }))}
              value={tfaKind}
              onChange={setTfaKind}
            />
          </Field>
        )}
        {form.fields.map((field, index) => (
          <Field
            key={`${index}:${field.label}`}
            label={field.label}
            {...(field.hint === undefined ? {} : { hint: field.hint })}
            error={wasTried ? errors[index] : undefined}
          >
            <TextInput
              isTall
              {...(index === 0 ? { ref: firstField } : {})}
              type={field.isSecret ? 'password' : 'text'}
              inputMode={field.inputMode ?? 'text'}
              autoComplete={field.autoComplete ?? 'off'}
              value={values[index] ?? ''}
              onChange={(value) => setValues(values.map((old, at) => (at === index ? value : old)))}
            />
          </Field>
        ))}
        {form.canRemember && <Checkbox label={t('prompt.remember')} isChecked={remember} onChange={setRemember} />}
        {props.more > 0 && <p className="quiet">{t('prompt.more', { count: props.more })}</p>}
        <footer className="prompt-actions">
          <Button isTall onClick={() => prompts.postpone(prompt.promptId)}>
            {t('prompt.later')}
          </Button>
          <Button isTall variant="primary" type="submit" isBusy={isSending}>
            {form.sendLabel}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
