import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import './time-chart.css';

export interface ChartSeries {
  readonly label: string;
  /** One for each moment; `null` is a gap and stays one. */
  readonly values: readonly (number | null)[];
}

export interface TimeChartProps {
  readonly title: string;
  /** The whole chart in one sentence, for those who cannot see it. */
  readonly summary: string;
  readonly timesMs: readonly number[];
  /** One or two; the second is drawn dashed. */
  readonly series: readonly ChartSeries[];
  /** The top of the scale, e.g. 1 for a ratio; without it the highest value is. */
  readonly max?: number | undefined;
  /** Charts with the same key share the cursor. */
  readonly syncKey: string;
  /** The figure of now, shown while no moment is pointed at. */
  readonly now: ReactNode;
  readonly formatValue: (value: number) => string;
  readonly formatTime: (atMs: number) => string;
  readonly formatTick: (atMs: number) => string;
  /** Said in place of the curve where no value is known at all. */
  readonly emptyText: string;
}

const heightPx = 96;
const edgePx = 18;
/** Colours that the canvas needs resolved; read from hidden elements, because a style variable may hold two at once. */
const inks = ['first', 'soft', 'second', 'line', 'text'] as const;
type Ink = (typeof inks)[number];

/** Air over the highest value where the scale has no end of its own, so that its label covers no line. */
const headroom = 1.25;

/** The top of the scale: `max`, or what is above it, or a little more than the highest value; 1 where there is none. */
export function chartTop(series: readonly ChartSeries[], max: number | undefined): number {
  let highest = 0;
  for (const { values } of series) for (const value of values) if (value !== null && value > highest) highest = value;
  const top = max === undefined || highest > max ? highest * headroom : max;
  return top > 0 ? top : 1;
}

function readInk(host: HTMLElement, ink: Ink): string {
  const sample = host.querySelector(`[data-ink=${ink}]`);
  return sample === null ? 'gray' : getComputedStyle(sample).color;
}

interface LiveOptions {
  readonly formatTick: (atMs: number) => string;
  readonly top: number;
  readonly data: UPlot.AlignedData;
}

function toPlotData(timesMs: readonly number[], series: readonly ChartSeries[]): UPlot.AlignedData {
  return [timesMs.map((atMs) => atMs / 1000), ...series.map(({ values }) => [...values])];
}

function createPlot(
  host: HTMLElement,
  count: number,
  syncKey: string,
  live: () => LiveOptions,
  onCursor: (index: number | undefined) => void,
): UPlot {
  const ink = (name: Ink) => () => readInk(host, name);
  const options: UPlot.Options = {
    width: Math.max(host.clientWidth, 80),
    height: heightPx,
    legend: { show: false },
    padding: [4, 0, 0, 0],
    cursor: { y: false, drag: { setScale: false, x: false, y: false }, sync: { key: syncKey }, points: { size: 6 } },
    scales: { x: { time: true }, y: { range: () => [0, live().top] } },
    axes: [
      {
        stroke: ink('text'),
        font: '11px system-ui, sans-serif',
        size: 20,
        space: 80,
        gap: 4,
        grid: { show: false },
        ticks: { show: false },
        border: { show: true, stroke: ink('line'), width: 1 },
        // A label is centred under its moment: at the very edge it would be cut.
        values: (plot, splits) =>
          splits.map((atS) => {
            const leftPx = plot.valToPos(atS, 'x');
            const isWhole = leftPx >= edgePx && leftPx <= plot.over.clientWidth - edgePx;
            return isWhole ? live().formatTick(atS * 1000) : '';
          }),
      },
      { show: false },
    ],
    series: [
      {},
      { stroke: ink('first'), fill: ink('soft'), width: 1.25, points: { show: false }, spanGaps: false },
      ...(count > 1 ? [{ stroke: ink('second'), width: 1.25, dash: [4, 3], points: { show: false } }] : []),
    ],
    hooks: { setCursor: [(plot) => onCursor(plot.cursor.idx ?? undefined)] },
  };
  return new UPlot(options, live().data, host);
}

/** Calls `work` whenever the colours of the window may have changed. */
function watchColours(work: () => void): () => void {
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', work);
  const observer = new MutationObserver(work);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => {
    scheme.removeEventListener('change', work);
    observer.disconnect();
  };
}

/** A small chart over time: thin line, soft fill, baseline and maximum; a cursor that its neighbours share. */
export function TimeChart(props: TimeChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(null);
  const [index, setIndex] = useState<number | undefined>();
  const { series, timesMs, syncKey } = props;
  const top = chartTop(series, props.max);
  const data = useMemo(() => toPlotData(timesMs, series), [timesMs, series]);
  const live = useRef<LiveOptions>({ formatTick: props.formatTick, top, data });
  const count = series.length;
  useEffect(() => {
    live.current = { formatTick: props.formatTick, top, data };
  });
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const created = createPlot(element, count, syncKey, () => live.current, setIndex);
    plot.current = created;
    const sizes = new ResizeObserver(() => {
      if (element.clientWidth > 0) created.setSize({ width: element.clientWidth, height: heightPx });
    });
    sizes.observe(element);
    const unwatch = watchColours(() => created.redraw());
    return () => {
      unwatch();
      sizes.disconnect();
      created.destroy();
      plot.current = null;
    };
  }, [count, syncKey]);
  useEffect(() => {
    plot.current?.setData(data);
  }, [data]);
  const isEmpty = series.every(({ values }) => values.every((value) => value === null));
  const pointedMs = index === undefined ? undefined : timesMs[index];
  return (
    <figure className="time-chart" aria-label={props.summary} role="img">
      <figcaption className="time-chart-head">
        <span className="time-chart-title">{props.title}</span>
        {pointedMs === undefined || index === undefined ? (
          <span className="time-chart-now">{props.now}</span>
        ) : (
          <span className="time-chart-now">
            <span className="quiet">{props.formatTime(pointedMs)}</span>{' '}
            {series.map(({ label, values }) => {
              const value = values[index] ?? null;
              const text = value === null ? '–' : props.formatValue(value);
              return <span key={label}>{count > 1 ? `${label} ${text}` : text}</span>;
            })}
          </span>
        )}
      </figcaption>
      <span className="time-chart-top quiet" aria-hidden>
        {isEmpty ? props.emptyText : props.formatValue(top)}
      </span>
      <div ref={host} className="time-chart-plot" aria-hidden>
        {inks.map((ink) => (
          <i key={ink} data-ink={ink} />
        ))}
      </div>
    </figure>
  );
}
