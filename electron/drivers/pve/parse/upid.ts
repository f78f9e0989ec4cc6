/** The parts of `UPID:node:pid:pstart:starttime:type:id:user:`; the three numbers are hexadecimal, the start in seconds. */
export interface Upid {
  readonly text: string;
  readonly node: string;
  readonly startedAtMs: number;
  readonly type: string;
  /** What it works on: a VMID, `300@local`, a service name, or empty. */
  readonly subject: string;
  readonly user: string;
}

const pattern =
  /^UPID:(?<node>[^:\s/]+):[0-9A-Fa-f]{8,}:[0-9A-Fa-f]{8,}:(?<start>[0-9A-Fa-f]{8,}):(?<type>[^:\s]+):(?<subject>[^:]*):(?<user>[^:\s]+):$/;

/** Undefined for a text that is no UPID. */
export function parseUpid(text: string): Upid | undefined {
  const groups = pattern.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { node = '', start = '', type = '', subject = '', user = '' } = groups;
  return { text, node, startedAtMs: Number.parseInt(start, 16) * 1000, type, subject, user };
}
