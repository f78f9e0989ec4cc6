/** Structured log. Events are kebab-case; fields must hold no secret: what may hold one is redacted where it is made. */
export interface Log {
  (level: 'debug' | 'info' | 'warning' | 'error', event: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** A log that keeps nothing. */
export const silentLog: Log = () => undefined;
