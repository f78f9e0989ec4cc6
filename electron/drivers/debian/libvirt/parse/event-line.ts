import type { InventoryHint } from '../../../../core/ports/driver.ts';

/**
 * Events that change nothing the inventory shows. `balloon-change` comes with every statistics period, `rtc-change` and
 * `job-iteration` ("migration-iteration") many times a second.
 */
const quiet = new Set(['balloon-change', 'rtc-change', 'migration-iteration', 'job-completed', 'pm-wakeup-disk']);
/** Events after which definitions may differ. */
const definitions = new Set(['device-added', 'device-removed', 'metadata-change', 'tray-change', 'disk-change']);

const eventLine = /(?:^|\s)event '([a-z-]+)' for domain (.*)$/;

/**
 * Reads a line of `virsh event --all --loop --timestamp`, e.g.
 * `2026-11-23 06:07:11.123+0000: event 'lifecycle' for domain 'vm-n1': Stopped Destroyed` (libvirt 9; 11 writes the same,
 * without quotes around the name before 8.0). Undefined for lines that are no event, and for events without consequence.
 */
export function hintFromEventLine(line: string): InventoryHint | undefined {
  const match = eventLine.exec(line);
  const event = match?.[1];
  if (event === undefined || quiet.has(event)) return undefined;
  const what = match?.[2] ?? '';
  const isDefinition = definitions.has(event) || (event === 'lifecycle' && /: (Defined|Undefined) /.test(what));
  return { because: `libvirt ${event}: ${what.slice(0, 120)}`, pass: isDefinition ? 'full' : 'status' };
}

const monitorLine = /^'(.*)' (?:changed state to|exited with status) \[(.*)\]$/;

/** Reads a line of `lxc-monitor`, e.g. `'ct-n1' changed state to [STOPPED]`. */
export function hintFromMonitorLine(line: string): InventoryHint | undefined {
  const match = monitorLine.exec(line);
  return match === null ? undefined : { because: `lxc: ${match[1]} ${match[2]}`.slice(0, 140), pass: 'status' };
}
