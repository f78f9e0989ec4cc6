import { describe, expect, it } from 'vitest';
import type { AppNotice, ContractClient } from '../../electron/contract/rpc/table.ts';
import { SessionStore } from './session-store.ts';

const notice = (atMs: number, path: string): AppNotice => ({
  atMs,
  error: { code: 'profile.not-writable', message: 'full', data: { path, cause: 'ENOSPC' } },
});

describe('notices of the app', () => {
  it('are shown once each, also when the link comes back and tells them again, and again when they come up again', () => {
    let send: (frame: { notices: AppNotice[] }) => void = () => undefined;
    const client = {
      stream: (_name: string, _input: unknown, onFrame: typeof send) => {
        send = onFrame;
        return { dispose: () => undefined };
      },
    } as unknown as ContractClient;
    const store = new SessionStore(client);
    store.start();
    send({ notices: [notice(1, '/a')] });
    send({ notices: [notice(1, '/a'), notice(2, '/b')] });
    const paths = () => store.state.getState().notices.map(({ error }) => error.data);
    expect(paths()).toMatchObject([{ path: '/a' }, { path: '/b' }]);
    store.dismiss(store.state.getState().notices[0]!.id);
    send({ notices: [notice(1, '/a'), notice(2, '/b'), notice(9, '/a')] });
    expect(paths()).toMatchObject([{ path: '/b' }, { path: '/a' }]);
  });
});
