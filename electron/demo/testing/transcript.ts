import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pveApiFolder } from './official-schema.ts';

/** One step of a recorded scenario. */
export interface RecordedStep {
  readonly label: string;
  readonly request: {
    readonly method: string;
    /** Absent for the one that is no HTTP. */
    readonly path?: string;
    readonly headers?: readonly (readonly [string, string])[];
    readonly body?: string;
  };
  readonly response: {
    readonly status?: number;
    readonly reason?: string;
    readonly json?: { readonly data?: unknown };
  };
}

/** The steps of a recorded scenario, `9.1.9/07-errors`. */
export function recordedSteps(scenario: string): readonly RecordedStep[] {
  const file: unknown = JSON.parse(readFileSync(join(pveApiFolder, 'transcripts', `${scenario}.json`), 'utf8'));
  return (file as { steps: RecordedStep[] }).steps;
}

/** What a recorded header holds. */
export function headerOf(step: RecordedStep, name: string): string | undefined {
  return step.request.headers?.find(([known]) => known === name)?.[1];
}

/** The path below /api2/json without the query, percent-encoding undone; nothing for other formats. */
export function apiPath(step: RecordedStep): string | undefined {
  const raw = /^\/api2\/json(\/[^?]*)/.exec(step.request.path ?? '')?.[1];
  return raw === undefined ? undefined : decodeURIComponent(raw).replace(/\/+/g, '/');
}

/** Form fields of a recorded body. */
export function formOf(step: RecordedStep): URLSearchParams {
  return new URLSearchParams(step.request.body);
}
