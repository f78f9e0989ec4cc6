import type { ReactNode } from 'react';
import { classNames } from '../lib/class-names.ts';
import './badge.css';

export type Tone = 'neutral' | 'ok' | 'warn' | 'bad' | 'busy';

/** A word with a tone. The tone never stands alone: the word says it too. */
export function Badge(props: { readonly tone?: Tone; readonly icon?: ReactNode; readonly children: ReactNode }) {
  return (
    <span className={classNames('badge', `badge-${props.tone ?? 'neutral'}`)}>
      {props.icon}
      {props.children}
    </span>
  );
}
