import { Checkbox as BaseCheckbox } from '@base-ui/react/checkbox';
import { Field as BaseField } from '@base-ui/react/field';
import { Select as BaseSelect } from '@base-ui/react/select';
import { Check, ChevronDown } from 'lucide-react';
import type { InputHTMLAttributes, ReactNode, Ref, TextareaHTMLAttributes } from 'react';
import { classNames } from '../lib/class-names.ts';
import './menu.css';
import './field.css';

/** A label over one control, with a hint and, where something is wrong, what is wrong. The control is tied to them. */
export function Field(props: {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  /** The label is for screen readers only, e.g. over a filter box. */
  readonly isLabelHidden?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <BaseField.Root className="field" invalid={props.error !== undefined}>
      <BaseField.Label className={props.isLabelHidden === true ? 'visually-hidden' : 'field-label'}>
        {props.label}
      </BaseField.Label>
      {props.children}
      {props.hint !== undefined && <BaseField.Description className="field-hint">{props.hint}</BaseField.Description>}
      {props.error !== undefined && (
        <BaseField.Error className="field-error" match>
          {props.error}
        </BaseField.Error>
      )}
    </BaseField.Root>
  );
}

export interface TextInputProps extends Omit<
  InputHTMLAttributes<HTMLInputElement>,
  'className' | 'onChange' | 'value' | 'size' | 'defaultValue'
> {
  readonly ref?: Ref<HTMLInputElement>;
  readonly value: string;
  readonly isMono?: boolean;
  readonly isTall?: boolean;
  readonly onChange: (value: string) => void;
}

/** One line of text. Inside a {@link Field} it takes its label, hint and error from there; elsewhere give `aria-label`. */
export function TextInput(props: TextInputProps) {
  const { isMono = false, isTall = false, onChange, ...rest } = props;
  return (
    <BaseField.Control
      autoComplete="off"
      spellCheck={false}
      {...rest}
      className={classNames('input', isMono && 'mono', isTall && 'input-tall')}
      onValueChange={(value) => onChange(value)}
    />
  );
}

/** Several lines of text. */
export function TextArea(
  props: Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'className' | 'onChange' | 'value'> & {
    readonly value: string;
    readonly isMono?: boolean;
    readonly onChange: (value: string) => void;
  },
) {
  const { isMono = false, onChange, ...rest } = props;
  return (
    <textarea
      spellCheck={false}
      {...rest}
      className={classNames('input', 'text-area', isMono && 'mono')}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

export interface SelectOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

/** One choice out of a few. */
export function Select<Value extends string>(props: {
  readonly options: readonly SelectOption<Value>[];
  readonly value: Value;
  /** Needed where no Field gives it a label. */
  readonly label?: string;
  readonly isTall?: boolean;
  readonly onChange: (value: Value) => void;
}) {
  const labelOf = (value: Value): string => props.options.find((option) => option.value === value)?.label ?? value;
  return (
    <BaseSelect.Root
      value={props.value}
      modal={false}
      onValueChange={(value) => value !== null && props.onChange(value)}
    >
      <BaseSelect.Trigger
        className={classNames('select', props.isTall === true && 'input-tall')}
        aria-label={props.label}
      >
        <BaseSelect.Value className="ellipsis">{(value: Value) => labelOf(value)}</BaseSelect.Value>
        <BaseSelect.Icon className="select-icon">
          <ChevronDown size={14} aria-hidden />
        </BaseSelect.Icon>
      </BaseSelect.Trigger>
      <BaseSelect.Portal>
        <BaseSelect.Positioner className="menu-layer" sideOffset={4} alignItemWithTrigger={false}>
          <BaseSelect.Popup className="menu">
            {props.options.map((option) => (
              <BaseSelect.Item key={option.value} value={option.value} className="menu-item">
                <span className="menu-icon">
                  <BaseSelect.ItemIndicator>
                    <Check size={14} aria-hidden />
                  </BaseSelect.ItemIndicator>
                </span>
                <BaseSelect.ItemText className="ellipsis">{option.label}</BaseSelect.ItemText>
              </BaseSelect.Item>
            ))}
          </BaseSelect.Popup>
        </BaseSelect.Positioner>
      </BaseSelect.Portal>
    </BaseSelect.Root>
  );
}

/** A tick with its label. */
export function Checkbox(props: {
  readonly label: ReactNode;
  readonly isChecked: boolean;
  readonly isDisabled?: boolean;
  readonly onChange: (isChecked: boolean) => void;
}) {
  return (
    <label className="checkbox-line">
      <BaseCheckbox.Root
        className="checkbox"
        checked={props.isChecked}
        disabled={props.isDisabled ?? false}
        onCheckedChange={(isChecked) => props.onChange(isChecked)}
      >
        <BaseCheckbox.Indicator className="checkbox-mark">
          <Check size={12} strokeWidth={3} aria-hidden />
        </BaseCheckbox.Indicator>
      </BaseCheckbox.Root>
      <span>{props.label}</span>
    </label>
  );
}
