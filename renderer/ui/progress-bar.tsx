import './progress-bar.css';

/** How far something is, `ratio` 0 to 1; `null` while that is not known. */
export function ProgressBar(props: {
  readonly ratio: number | null;
  readonly label: string;
  readonly tone?: 'busy' | 'ok' | 'warn' | 'bad';
}) {
  const percent = props.ratio === null ? undefined : Math.round(Math.min(1, Math.max(0, props.ratio)) * 100);
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      data-tone={props.tone ?? 'busy'}
      data-unknown={percent === undefined || undefined}
    >
      <div className="progress-fill" style={{ width: `${percent ?? 30}%` }} />
    </div>
  );
}
