import './sparkline.css';

/** A small line without axes. `null` is a gap, never zero. `max` is the top of the scale; without it, the largest value is. */
export function Sparkline(props: {
  readonly values: readonly (number | null)[];
  readonly max?: number;
  readonly width?: number;
  readonly height?: number;
  readonly label: string;
}) {
  const width = props.width ?? 64;
  const height = props.height ?? 18;
  const top = Math.max(props.max ?? 0, ...props.values.map((value) => value ?? 0)) || 1;
  const step = props.values.length > 1 ? width / (props.values.length - 1) : width;
  let path = '';
  let isPenDown = false;
  for (const [index, value] of props.values.entries()) {
    if (value === null) {
      isPenDown = false;
      continue;
    }
    const y = height - 1 - (value / top) * (height - 2);
    path += `${isPenDown ? 'L' : 'M'}${(index * step).toFixed(1)} ${y.toFixed(1)}`;
    isPenDown = true;
  }
  return (
    <svg className="sparkline" width={width} height={height} role="img" aria-label={props.label}>
      <path d={path} />
    </svg>
  );
}
