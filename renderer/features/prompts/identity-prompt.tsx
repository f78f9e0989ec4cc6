import { useRef, useState } from 'react';
import type { Prompt } from '../../../electron/contract/connection-settings.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { useAppStores } from '../../stores/app-stores.tsx';
import { caughtErrorText } from '../../texts/error-text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import type { PromptDialogProps } from './prompt-dialog-props.ts';
import './prompts.css';

type IdentityQuestion = Extract<Prompt['question'], { type: 'identity' }>;

/** Another certificate or host key than the trusted one. Refusing is the easy way out; trusting names the host. */
export function IdentityPrompt(props: PromptDialogProps & { readonly question: IdentityQuestion }) {
  const { prompt, question } = props;
  const i18n = useI18n();
  const { t } = i18n;
  const { prompts } = useAppStores();
  const refuse = useRef<HTMLButtonElement>(null);
  const [failure, setFailure] = useState<string>();
  const answer = (type: 'trust' | 'refuse'): void => {
    prompts.answer(prompt.promptId, { type }).catch((error: unknown) => setFailure(caughtErrorText(error, i18n).what));
  };
  return (
    <Dialog
      isOpen
      title={t('prompt.identity.title', { name: prompt.connectionName })}
      description={t('prompt.identity.text', { endpoint: question.endpoint })}
      initialFocus={refuse}
      onClose={() => prompts.postpone(prompt.promptId)}
      footer={
        <>
          <Button isTall variant="danger" onClick={() => answer('trust')}>
            {t('prompt.identity.trust', { endpoint: question.endpoint })}
          </Button>
          <Button isTall ref={refuse} onClick={() => answer('refuse')}>
            {t('prompt.identity.refuse')}
          </Button>
        </>
      }
    >
      {failure !== undefined && (
        <p className="prompt-problem" role="alert">
          {failure}
        </p>
      )}
      <dl className="prompt-identities selectable">
        <dt>{t('prompt.identity.expected')}</dt>
        <dd className="mono">{question.expected}</dd>
        <dt>{t('prompt.identity.presented')}</dt>
        <dd className="mono prompt-presented">{question.presented}</dd>
      </dl>
      <p className="quiet">{t('prompt.identity.compare')}</p>
    </Dialog>
  );
}
