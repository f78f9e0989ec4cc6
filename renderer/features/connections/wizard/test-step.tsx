import { Check, Minus, TriangleAlert, X } from 'lucide-react';
import { useRef, useState } from 'react';
import type { ConnectionTestStage } from '../../../../electron/contract/connection-settings.ts';
import { connectionSettingsSchema } from '../../../../electron/contract/connection-settings.ts';
import { useI18n } from '../../../lib/i18n/i18n-context.tsx';
import { useAppStores } from '../../../stores/app-stores.tsx';
import { caughtErrorText, errorText } from '../../../texts/error-text.ts';
import { Button } from '../../../ui/button.tsx';
import { toSettings } from './wizard-settings.ts';
import type { StepProps } from './wizard-props.ts';

const marks = {
  passed: <Check size={16} className="test-passed" aria-hidden />,
  warning: <TriangleAlert size={16} className="test-warning" aria-hidden />,
  failed: <X size={16} className="test-failed" aria-hidden />,
  skipped: <Minus size={16} aria-hidden />,
} as const;

/** Goes the whole way once without saving: reach, identity, sign-in, rights, tools, inventory. */
export function TestStep({ draft }: StepProps) {
  const i18n = useI18n();
  const { t } = i18n;
  const { client } = useAppStores();
  const running = useRef<AbortController>(undefined);
  const [isRunning, setRunning] = useState(false);
  const [stages, setStages] = useState<readonly ConnectionTestStage[]>();
  const [failure, setFailure] = useState<string>();

  const run = async (): Promise<void> => {
    const ours = new AbortController();
    running.current?.abort();
    running.current = ours;
    setRunning(true);
    setStages(undefined);
    setFailure(undefined);
    try {
      const settings = connectionSettingsSchema.parse(await toSettings(draft, 'once', client));
      const result = await client.request('connection.test', { settings }, ours.signal);
      setStages(result.stages);
    } catch (error) {
      if (!ours.signal.aborted) setFailure(caughtErrorText(error, i18n).what);
    } finally {
      if (running.current === ours) setRunning(false);
    }
  };
  const hasFailed = failure !== undefined || stages?.some((stage) => stage.outcome === 'failed') === true;

  return (
    <>
      <p>{t('wizard.test.text')}</p>
      <div>
        <Button
          isTall
          variant={stages === undefined ? 'primary' : 'normal'}
          isBusy={isRunning}
          onClick={() => void run()}
        >
          {t(isRunning ? 'wizard.test.running' : stages === undefined ? 'wizard.test.run' : 'wizard.test.again')}
        </Button>
      </div>
      <div aria-live="polite" className="wizard-test">
        {failure !== undefined && <p className="wizard-problem">{failure}</p>}
        {stages !== undefined && (
          <>
            <ol className="test-stages">
              {stages.map(({ stage, outcome, detail, notices, error }) => (
                <li key={stage} data-outcome={outcome}>
                  {marks[outcome]}
                  <span className="test-stage">{t(`wizard.stage.${stage}`)}</span>
                  <span className="quiet">{t(`wizard.outcome.${outcome}`)}</span>
                  {detail !== '' && <span className="test-detail selectable">{detail}</span>}
                  {error !== undefined && (
                    <span className="test-detail test-why selectable">
                      {errorText(error, i18n).what} {errorText(error, i18n).todo}
                    </span>
                  )}
                  {notices?.map((notice) => (
                    <span key={`${notice.code}:${notice.detail}`} className="test-detail selectable">
                      {t(`notice.${notice.code}`)}{' '}
                      {notice.detail !== '' && <code className="mono">{notice.detail}</code>}
                    </span>
                  ))}
                </li>
              ))}
            </ol>
            <p>{t(hasFailed ? 'wizard.test.failed' : 'wizard.test.passed')}</p>
          </>
        )}
      </div>
    </>
  );
}
