import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Real answers of one PVE version: `GET_cluster_resources` to its status line and `data`. */
export interface RecordedAnswers {
  readonly version: string;
  data(key: string): unknown;
  keys(pattern: RegExp): readonly string[];
}

const folder = process.env['WHEELHOUSE_PVE_API'] ?? join(import.meta.dirname, '../../../shared/pve-api');

/** The recordings of real servers, which are not part of the repository; empty where they are absent. */
export function recordedAnswers(): readonly RecordedAnswers[] {
  if (!existsSync(folder)) {
    process.stdout.write(`skipped: no recorded answers of real servers in ${folder} (WHEELHOUSE_PVE_API)\n`);
    return [];
  }
  return readdirSync(folder)
    .filter((name) => /^answers-.*\.json$/.test(name))
    .map((name) => {
      const answers = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, { data?: unknown }>;
      return {
        version: name.replace(/^answers-|\.json$/g, ''),
        data: (key) => answers[key]?.data,
        keys: (pattern) => Object.keys(answers).filter((key) => pattern.test(key) && answers[key]?.data !== undefined),
      };
    });
}
