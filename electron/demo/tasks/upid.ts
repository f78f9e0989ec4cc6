/** The parts of a task's name. */
export interface UpidParts {
  readonly node: string;
  readonly pid: number;
  /** Process start in hundredths of a second since the host's boot. */
  readonly pstart: number;
  /** Epoch seconds. */
  readonly startedAt: number;
  readonly type: string;
  readonly id: string;
  /** With the token, if one started it. */
  readonly user: string;
}

/** `UPID:node:PID:PSTART:START:type:id:user:`, numbers as eight hexadecimal digits. */
export function formatUpid(parts: UpidParts): string {
  const hex = (value: number): string => value.toString(16).toUpperCase().padStart(8, '0');
  return `UPID:${parts.node}:${hex(parts.pid)}:${hex(parts.pstart)}:${hex(parts.startedAt)}:${parts.type}:${parts.id}:${parts.user}:`;
}

const pattern =
  /^UPID:([a-zA-Z0-9][a-zA-Z0-9-]*):([0-9A-F]{8}):([0-9A-F]{8,9}):([0-9A-F]{8}):([^:\s]+):([^:\s]*):([^:\s]+):$/;

/** Reads a task's name; nothing when it is none. */
export function parseUpid(text: string): UpidParts | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, node = '', pid = '', pstart = '', startedAt = '', type = '', id = '', user = ''] = match;
  return {
    node,
    pid: Number.parseInt(pid, 16),
    pstart: Number.parseInt(pstart, 16),
    startedAt: Number.parseInt(startedAt, 16),
    type,
    id,
    user,
  };
}
