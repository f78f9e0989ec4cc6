import { AlertDialog as Base } from '@base-ui/react/alert-dialog';
import { useRef, type ReactNode } from 'react';
import { useI18n } from '../lib/i18n/i18n-context.tsx';
import { Button } from './button.tsx';
import './dialog.css';
import './confirm-dialog.css';

/**
 * Asks once, in words, before something that cannot be undone. The button says what it does and to what ("Stop web-01");
 * several objects are listed by name. The focus starts on Cancel when the action is dangerous.
 */
export function ConfirmDialog(props: {
  readonly isOpen: boolean;
  readonly title: string;
  readonly description: ReactNode;
  /** Names of the objects, shown when there is more than one. */
  readonly names?: readonly (string | { readonly name: string; readonly note: string })[];
  readonly confirmLabel: string;
  readonly isDanger?: boolean;
  readonly isBusy?: boolean;
  readonly children?: ReactNode;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useI18n();
  const cancel = useRef<HTMLButtonElement>(null);
  const confirm = useRef<HTMLButtonElement>(null);
  const isDanger = props.isDanger ?? false;
  return (
    <Base.Root open={props.isOpen} onOpenChange={(isOpen) => !isOpen && props.onClose()}>
      <Base.Portal>
        <Base.Backdrop className="dialog-backdrop" />
        <Base.Popup className="dialog dialog-small" initialFocus={isDanger ? cancel : confirm}>
          <header className="dialog-header">
            <Base.Title className="dialog-title">{props.title}</Base.Title>
          </header>
          <Base.Description className="dialog-description" render={<div />}>
            {props.description}
          </Base.Description>
          {props.names !== undefined && props.names.length > 1 && (
            <ul className="confirm-names selectable" tabIndex={0} aria-label={props.title}>
              {props.names.map((entry, index) => {
                const { name, note } = typeof entry === 'string' ? { name: entry, note: '' } : entry;
                return (
                  <li key={`${index}:${name}`}>
                    <bdi className="ellipsis" title={name}>
                      {name}
                    </bdi>
                    {note !== '' && <span className="quiet ellipsis">{note}</span>}
                  </li>
                );
              })}
            </ul>
          )}
          {props.children}
          <footer className="dialog-footer">
            <Button ref={cancel} isTall onClick={props.onClose}>
              {t('common.cancel')}
            </Button>
            <Button
              ref={confirm}
              isTall
              variant={isDanger ? 'danger' : 'primary'}
              isBusy={props.isBusy ?? false}
              onClick={props.onConfirm}
            >
              {props.confirmLabel}
            </Button>
          </footer>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
