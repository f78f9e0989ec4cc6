import './state-glyph.css';

export type GlyphShape = 'vm' | 'container' | 'template-vm' | 'template-container';
export type GlyphState = 'running' | 'stopped' | 'paused' | 'suspended' | 'unknown';

const square = 'M3.5 2.5h9a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1z';
const cube =
  'M7 1.9a2 2 0 0 1 2 0l3.7 2.1a2 2 0 0 1 1 1.7v4.6a2 2 0 0 1-1 1.7L9 14.1a2 2 0 0 1-2 0l-3.7-2.1a2 2 0 0 1-1-1.7V5.7a2 2 0 0 1 1-1.7z';

function Inside(props: { readonly state: GlyphState }) {
  switch (props.state) {
    case 'running':
    case 'stopped':
      return null;
    case 'paused':
      return <path className="glyph-mark" d="M6.2 5.5v5M9.8 5.5v5" />;
    case 'suspended':
      return <path className="glyph-mark" d="M8 5v3.2l2 1.3" />;
    case 'unknown':
      return <path className="glyph-mark" d="M6.4 6.4a1.6 1.6 0 1 1 2.2 1.5c-.4.2-.6.5-.6.9M8 11v.1" />;
  }
}

/**
 * The one picture of a guest, everywhere: square = VM, cube = container, dashed = template; filled = running, hollow =
 * stopped, bars = paused, clock hands = suspended, question mark = unknown; a small lock while the host has locked it.
 */
export function StateGlyph(props: {
  readonly shape: GlyphShape;
  readonly state: GlyphState;
  /** Old or unreachable: drawn in grey, whatever the state was. */
  readonly isDim?: boolean;
  /** Why it is locked. */
  readonly lock?: string | undefined;
  /** Its accessible name; leave it out where the same words stand beside it. */
  readonly label?: string;
  readonly size?: number;
}) {
  const isTemplate = props.shape.startsWith('template');
  const isContainer = props.shape.endsWith('container');
  const size = props.size ?? 16;
  return (
    <svg
      className="glyph"
      data-state={isTemplate ? 'template' : props.state}
      data-dim={props.isDim === true || undefined}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      role={props.label === undefined ? undefined : 'img'}
      aria-label={props.label}
      aria-hidden={props.label === undefined || undefined}
    >
      <path
        className="glyph-body"
        d={isContainer ? cube : square}
        strokeDasharray={isTemplate ? '2.4 1.6' : undefined}
      />
      {!isTemplate && <Inside state={props.state} />}
      {props.lock !== undefined && (
        <g className="glyph-lock">
          <title>{props.lock}</title>
          <circle cx="12" cy="12" r="4" className="glyph-lock-ground" />
          <rect x="9.8" y="11.6" width="4.4" height="3.2" rx="0.6" />
          <path d="M10.8 11.6v-1a1.2 1.2 0 0 1 2.4 0v1" />
        </g>
      )}
    </svg>
  );
}
