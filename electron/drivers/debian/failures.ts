import { AppError } from '../../contract/errors.ts';
import type { EntityId } from '../../contract/ids.ts';
import type { RunResult } from '../../core/ports/host-link.ts';

/** The two ways of saying that an account may not, by libvirt's polkit or socket, by LXC, and by sudo. */
const denied = /permission denied|access denied|authentication (?:failed|unavailable)|not permitted|^sudo:/im;
/** libvirt: "Domain not found: no domain with matching uuid"; LXC: "ct: lxc-info ... doesn't exist" / "No container". */
const absent =
  /failed to get domain|domain not found|no domain with matching|doesn't exist|does not exist|no such container/i;
const wrongState =
  /requested operation is not valid|domain is (?:not running|already|not paused|paused)|is not running|is already running|is not frozen/i;

/** Turns what a tool said (LC_ALL=C.UTF-8 texts) into an error with a code. `command` holds no secret. */
export function explainFailure(command: string, result: RunResult, entity: EntityId | undefined): AppError {
  const text = `${result.stderr}\n${result.stdout}`.trim().slice(0, 600);
  const entityId = entity ?? '';
  if (absent.test(text)) return new AppError('entity.not-found', text, { entityId });
  if (denied.test(text)) return new AppError('access.denied', text, { privilege: command, path: '', text });
  if (wrongState.test(text)) {
    return new AppError('entity.wrong-state', text, { entityId, actual: text.slice(0, 200), needed: [] });
  }
  const status = result.code ?? result.signal ?? 'unknown';
  return new AppError('remote.refused', `${command}: ${text}`, { command, status, text });
}

/** Whether a tool's words are about missing rights. */
export function isDenied(text: string): boolean {
  return denied.test(text);
}
