import * as fc from 'fast-check';
import { mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../contract/errors.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { openLogFile } from './log-file.ts';
import { redact } from './redact.ts';

const now = (): number => Date.UTC(2026, 0, 2);
const entriesOf = (path: string): readonly Record<string, unknown>[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the log file', () => {
  test('holds one JSON object for each event, in order', async () => {
    const folder = temporaryFolder();
    const { log, flush } = openLogFile({ folder, name: 'test.log', now });
    log('info', 'started', { version: '1', count: 3 });
    log('error', 'broke', { error: new AppError('auth.rejected', 'no', { method: 'password', text: 'x' }) });
    await flush();
    const [started, broke] = entriesOf(join(folder, 'test.log'));
    expect(started).toEqual({
      at: '2026-01-02T00:00:00.000Z',
      level: 'info',
      event: 'started',
      version: '1',
      count: 3,
    });
    expect(broke).toMatchObject({ event: 'broke', error: { code: 'auth.rejected', data: { method: 'password' } } });
    expect(statSync(join(folder, 'test.log')).mode & 0o077).toBe(0);
  });

  test('is bounded in size and number of files, over starts', async () => {
    const folder = temporaryFolder();
    for (let round = 0; round < 30; round += 1) {
      const { log, flush } = openLogFile({ folder, name: 'test.log', now, maxBytes: 1000, keptFiles: 2 });
      for (let line = 0; line < 4; line += 1) log('info', 'event', { round, line });
      await flush();
    }
    expect(readdirSync(folder).toSorted()).toEqual(['test.log', 'test.log.1', 'test.log.2']);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(1000);
    expect(entriesOf(join(folder, 'test.log')).at(-1)).toMatchObject({ round: 29, line: 3 });
  });

  test('drops lines and says how many when the disk does not keep up', async () => {
    const folder = temporaryFolder();
    const { log, flush } = openLogFile({ folder, name: 'test.log', now, maxBytes: 2 ** 30 });
    for (let line = 0; line < 600; line += 1) log('info', 'event', { text: 'x'.repeat(3000) });
    await flush();
    log('info', 'after');
    await flush();
    const entries = entriesOf(join(folder, 'test.log'));
    const dropped = Number(entries.find(({ event }) => event === 'log-lines-dropped')?.['dropped']);
    expect(dropped).toBeGreaterThan(0);
    expect(entries.filter(({ event }) => event === 'event')).toHaveLength(600 - dropped);
    expect(entries.at(-1)?.['event']).toBe('after');
  });

  test('that cannot be written is lost without a word', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'test.log'));
    const { log, flush } = openLogFile({ folder, name: 'test.log', now });
    log('info', 'event');
    await flush();
    expect(readdirSync(folder)).toEqual(['test.log']);
  });
});

describe('redaction', () => {
  test('hides the values of keys that look like secrets, however deep', () => {
    expect(
      redact({
        password: 'a',
        list: [{ apiToken: 'b', CSRFPreventionToken: 'c' }],
        headers: { Cookie: 'd', Authorization: 'e' },
        pass: 'full',
        error: new AppError('remote.refused', 'm', { command: 'GET /', status: 500, text: 't' }),
      }),
    ).toMatchObject({
      password: '[redacted]',
      list: [{ apiToken: '[redacted]', CSRFPreventionToken: '[redacted]' }],
      headers: { Cookie: '[redacted]', Authorization: '[redacted]' },
      pass: 'full',
      error: { data: { text: 't' } },
    });
  });

  test('hides what PVE signs in with and private keys wherever they stand', () => {
    const texts = redact([
      'cookie PVEAuthCookie=PVE:root@pam:66B2F3A1::c2lnbmF0dXJl/+==; path=/',
      'PVEAPIToken=root@pam!desk=aaaaaaaa-bbbb failed',
      'key -----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----',
    ]);
    expect(texts).toEqual(['cookie PVEAuthCookie=[redacted] path=/', '[redacted] failed', 'key [redacted]']);
  });

  test('takes anything and gives something that can be written', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
        (value) => {
          expect(() => JSON.stringify(redact(value))).not.toThrow();
        },
      ),
      { seed: 5, numRuns: 500 },
    );
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    expect(() => JSON.stringify(redact(circular))).not.toThrow();
  });
});
