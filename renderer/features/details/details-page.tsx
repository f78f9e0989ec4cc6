import type { ReactNode } from 'react';
import type { EntityRecord } from '../../../electron/contract/records/index.ts';
import { useConnection } from '../../stores/app-stores.tsx';
import './details.css';

/** The scrolling body of a details tab. What comes from a connection that is not live is dimmed; the header says how old it is. */
export function DetailsPage(props: { readonly record: EntityRecord; readonly children: ReactNode }) {
  const connection = useConnection(props.record.connectionId);
  return (
    <div className="details-page" data-old={(connection !== undefined && connection.state !== 'live') || undefined}>
      {props.children}
    </div>
  );
}

/** One titled part of a details tab. */
export function DetailsSection(props: {
  readonly title: string;
  readonly note?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="details-section">
      <header className="details-section-head">
        <h2>{props.title}</h2>
        {props.note !== undefined && <span className="quiet">{props.note}</span>}
      </header>
      {props.children}
    </section>
  );
}
