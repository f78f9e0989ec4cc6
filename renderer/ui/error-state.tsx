import { TriangleAlert } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useI18n } from '../lib/i18n/i18n-context.tsx';
import { Button } from './button.tsx';
import './error-state.css';

/** What happened, to what, since when, what to do; the raw details on demand, to be copied into a report. */
export function ErrorState(props: {
  readonly title?: string;
  readonly what: string;
  readonly todo: string;
  readonly since?: string | undefined;
  readonly details?: string | undefined;
  readonly action?: ReactNode;
  /** `inline` stands among other content, `page` takes the middle of the free space. */
  readonly placement?: 'inline' | 'page';
}) {
  const { t } = useI18n();
  const [isCopied, setCopied] = useState(false);
  const details = props.details;
  const copy = (): void => {
    if (details !== undefined) void navigator.clipboard.writeText(details).then(() => setCopied(true));
  };
  return (
    <div className="error-state" role="alert" data-placement={props.placement ?? 'inline'}>
      <TriangleAlert size={16} aria-hidden className="error-state-icon" />
      <div className="error-state-text selectable">
        {props.title !== undefined && <h3>{props.title}</h3>}
        <p className="error-state-what">
          {props.what} {props.since !== undefined && <span className="quiet">({props.since})</span>}
        </p>
        <p>{props.todo}</p>
        {details !== undefined && (
          <details className="error-state-details">
            <summary>{t('error.details')}</summary>
            <pre className="mono">{details}</pre>
          </details>
        )}
        {(props.action !== undefined || details !== undefined) && (
          <div className="error-state-actions">
            {props.action}
            {details !== undefined && (
              <Button variant="quiet" onClick={copy}>
                {isCopied ? t('error.copied') : t('error.copy')}
              </Button>
            )}
          </div>
        )}
      </div>
    </div>
  );
}
