import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { useI18n } from '../lib/i18n/i18n-context.tsx';
import { classNames } from '../lib/class-names.ts';
import { IconButton } from './button.tsx';
import './dialog.css';

/** A modal question or form of one step. More than one step is a page, not a dialog. */
export function Dialog(props: {
  readonly isOpen: boolean;
  readonly title: string;
  readonly description?: ReactNode;
  readonly size?: 'small' | 'medium' | 'large';
  readonly footer?: ReactNode;
  readonly children?: ReactNode;
  /** What gets the focus when it opens; the first control otherwise. */
  readonly initialFocus?: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}) {
  const { t } = useI18n();
  return (
    <Base.Root open={props.isOpen} onOpenChange={(isOpen) => !isOpen && props.onClose()}>
      <Base.Portal>
        <Base.Backdrop className="dialog-backdrop" />
        <Base.Popup
          className={classNames('dialog', `dialog-${props.size ?? 'medium'}`)}
          {...(props.initialFocus === undefined ? {} : { initialFocus: props.initialFocus })}
        >
          <header className="dialog-header">
            <Base.Title className="dialog-title">{props.title}</Base.Title>
          </header>
          {props.description !== undefined && (
            <Base.Description className="dialog-description" render={<div />}>
              {props.description}
            </Base.Description>
          )}
          {props.children !== undefined && <div className="dialog-body">{props.children}</div>}
          {props.footer !== undefined && <footer className="dialog-footer">{props.footer}</footer>}
          {/* Last in order: the focus begins with what the dialog is about. */}
          <div className="dialog-close">
            <IconButton label={t('common.close')} onClick={props.onClose}>
              <X size={16} aria-hidden />
            </IconButton>
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
