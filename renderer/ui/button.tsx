import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { classNames } from '../lib/class-names.ts';
import { Tooltip } from './tooltip.tsx';
import './button.css';

type NativeProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'disabled' | 'title'>;

export interface ButtonProps extends NativeProps {
  readonly ref?: Ref<HTMLButtonElement>;
  readonly variant?: 'normal' | 'primary' | 'danger' | 'quiet';
  readonly isTall?: boolean;
  readonly icon?: ReactNode;
  /** Why it cannot be used now. The button stays focusable and says so; it does nothing. */
  readonly disabledReason?: string | undefined;
  /** Something is under way because of it. */
  readonly isBusy?: boolean;
}

/** A push button. One that cannot be used is never silent about it: see `disabledReason`. */
export function Button(props: ButtonProps) {
  const {
    variant = 'normal',
    isTall = false,
    icon,
    disabledReason,
    isBusy = false,
    children,
    onClick,
    ...rest
  } = props;
  const isOff = disabledReason !== undefined || isBusy;
  const button = (
    <button
      type="button"
      {...rest}
      className={classNames('button', `button-${variant}`, isTall && 'button-tall')}
      aria-disabled={isOff || undefined}
      aria-busy={isBusy || undefined}
      onClick={isOff ? undefined : onClick}
    >
      {icon}
      {children !== undefined && <span className="button-text">{children}</span>}
    </button>
  );
  // A button that may have a reason keeps its place in the tree when it comes and goes, and with it the focus.
  return 'disabledReason' in props ? <Tooltip text={disabledReason}>{button}</Tooltip> : button;
}

export interface IconButtonProps extends NativeProps {
  readonly ref?: Ref<HTMLButtonElement>;
  /** Its accessible name and its tooltip. */
  readonly label: string;
  /** Shown after the label in the tooltip, e.g. `Ctrl+K`. */
  readonly shortcut?: string | undefined;
  readonly disabledReason?: string | undefined;
  readonly isPressed?: boolean;
  readonly size?: 'normal' | 'small';
  readonly tooltipSide?: 'top' | 'right' | 'bottom' | 'left';
}

/** A button that shows an icon only; its name is in the tooltip and for screen readers. */
export function IconButton(props: IconButtonProps) {
  const {
    label,
    shortcut,
    disabledReason,
    isPressed,
    size = 'normal',
    tooltipSide,
    onClick,
    children,
    ...rest
  } = props;
  const isOff = disabledReason !== undefined;
  const hint = shortcut === undefined ? label : `${label} (${shortcut})`;
  return (
    <Tooltip text={isOff ? `${label}: ${disabledReason}` : hint} side={tooltipSide ?? 'bottom'}>
      <button
        type="button"
        {...rest}
        className={classNames('icon-button', size === 'small' && 'icon-button-small')}
        aria-label={label}
        aria-pressed={isPressed}
        aria-disabled={isOff || undefined}
        onClick={isOff ? undefined : onClick}
      >
        {children}
      </button>
    </Tooltip>
  );
}
