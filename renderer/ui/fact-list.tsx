import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';
import './fact-list.css';

export interface FactEntry {
  readonly id: string;
  readonly label: string;
  readonly value: ReactNode;
  /** What a click on the copy button puts on the clipboard; such values are set in monospace. */
  readonly copyText?: string | undefined;
}

/** Facts as pairs, label left, value right, in as many columns as fit. */
export function FactList(props: { readonly facts: readonly FactEntry[] }) {
  return (
    <dl className="fact-list">
      {props.facts.map((fact) => (
        <div key={fact.id} className="fact">
          <dt>{fact.label}</dt>
          <dd className={fact.copyText === undefined ? 'selectable' : 'selectable mono'}>
            {fact.value}
            {fact.copyText !== undefined && <CopyButton text={fact.copyText} what={fact.label} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}
