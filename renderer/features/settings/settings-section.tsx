import { useId, type ReactNode } from 'react';
import './settings.css';

/** One titled part of the settings. */
export function SettingsSection(props: { readonly title: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section className="settings-section" aria-labelledby={id}>
      <h2 id={id}>{props.title}</h2>
      {props.children}
    </section>
  );
}
