import { Component, type ReactNode } from 'react';
import { useI18n } from '../lib/i18n/i18n-context.tsx';
import { Button } from '../ui/button.tsx';
import { ErrorState } from '../ui/error-state.tsx';

interface BoundaryState {
  readonly error: Error | undefined;
}

function FailedPart(props: { readonly error: Error; readonly onRetry: () => void }) {
  const { t } = useI18n();
  return (
    <ErrorState
      placement="page"
      what={t('error.window.title')}
      todo={t('error.window.todo')}
      details={props.error.stack ?? props.error.message}
      action={<Button onClick={props.onRetry}>{t('common.retry')}</Button>}
    />
  );
}

/** Keeps a failing part of the window from taking the rest with it. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { error: undefined };

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return <FailedPart error={error} onRetry={() => this.setState({ error: undefined })} />;
  }
}
