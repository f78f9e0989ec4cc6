import { describe, expect, it } from 'vitest';
import { AppError, errorCodes, type ErrorShape } from '../../electron/contract/errors.ts';
import { createI18n } from '../lib/i18n/i18n-context.tsx';
import { caughtErrorText, errorText } from './error-text.ts';

/** Every field that any code carries. */
const fields = {
  endpoint: 'pve1:8006',
  cause: 'ECONNREFUSED',
  afterMs: 15_000,
  presented: 'BB',
  expected: 'AA',
  excerpt: '<html>',
  connectionId: 'lab',
  state: 'offline',
  method: 'token',
  text: 'the host’s words',
  kinds: ['totp', 'recovery'],
  realm: 'corp',
  path: '/nodes',
  privilege: 'Sys.Audit',
  entityId: 'lab/guest/qemu:1',
  actual: 'running',
  needed: ['stopped', 'paused'],
  lock: 'backup',
  capability: 'guest.start',
  reason: 'locked',
  detail: 'x',
  issues: [{ path: 'host', message: 'empty' }],
  tool: 'virsh',
  install: 'apt install libvirt-clients',
  command: 'GET /nodes',
  status: 596,
  node: 'pve2',
  limitBytes: 1_048_576,
  operation: 'shutdown',
  keptAs: 'x.kept',
  pid: 4711,
  ours: 1,
  theirs: 2,
  where: 'test',
};

describe.each(['en', 'de'] as const)('error texts in %s', (language) => {
  const i18n = createI18n(language);

  it.each(errorCodes)('%s says what happened and what to do, with nothing left to fill', (code) => {
    const shape = { code, message: 'for logs', data: fields } as unknown as ErrorShape;
    const text = errorText(shape, i18n);
    expect(text.what.length).toBeGreaterThan(5);
    expect(text.todo.length).toBeGreaterThan(5);
    expect(`${text.what} ${text.todo}`).not.toMatch(/[{}]|undefined|\[object/);
    expect(text.details).toContain(code);
  });
});

describe('error texts', () => {
  it('keep the host’s own words', () => {
    const error = new AppError('remote.refused', 'refused', { command: 'POST', status: 500, text: 'no such disk' });
    expect(errorText(error.toShape(), createI18n('en')).what).toBe(
      'The host refused it (status 500). It said: no such disk',
    );
  });

  it('write durations and lists as people do', () => {
    const i18n = createI18n('en');
    const silent = new AppError('connection.silent', '', { endpoint: 'a:22', afterMs: 65_000 });
    expect(errorText(silent.toShape(), i18n).what).toContain('1\u00a0min 5\u00a0s');
    const wrong = new AppError('entity.wrong-state', '', { entityId: 'x', actual: 'running', needed: ['a', 'b'] });
    expect(errorText(wrong.toShape(), i18n).what).toContain('a, b');
  });

  it('call anything else a bug, with its message in the details', () => {
    expect(caughtErrorText(new TypeError('x is not y'), createI18n('en')).details).toContain('TypeError: x is not y');
  });
});
