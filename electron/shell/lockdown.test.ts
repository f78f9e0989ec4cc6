import { describe, expect, it } from 'vitest';
import { ElectronStandIn } from '../testing/electron-stand-in.ts';
import { lockDown } from './lockdown.ts';

function lockedDown() {
  const electron = new ElectronStandIn();
  lockDown(electron.apis, () => undefined);
  return electron.session;
}

describe('what a page cannot do', () => {
  const ours = { requestingUrl: 'wheelhouse://app/index.html', isMainFrame: true };

  it('gets no permission, no device and no foreign download', () => {
    const { defaultSession } = lockedDown();
    const answers: (boolean | undefined)[] = [];
    for (const permission of ['media', 'notifications', 'geolocation', 'clipboard-read', 'hid']) {
      defaultSession.permissionRequest?.({}, permission, (granted) => answers.push(granted), ours);
      answers.push(defaultSession.permissionCheck?.({}, permission, 'wheelhouse://app/', ours));
    }
    expect(new Set(answers)).toEqual(new Set([false]));
    expect(defaultSession.devicePermission?.()).toBe(false);
    const prevented: string[] = [];
    for (const url of ['https://evil.example/x.exe', 'blob:https://evil.example/1', 'wheelhouse://app/index.html'])
      defaultSession.emit('will-download', { preventDefault: () => prevented.push(url) }, { getURL: () => url });
    expect(prevented).toHaveLength(3);
  });

  it('gets its copy buttons and its exported files, as in a browser', () => {
    const { defaultSession } = lockedDown();
    const write = 'clipboard-sanitized-write';
    const answers: (boolean | undefined)[] = [];
    const ask = (details: typeof ours): void => {
      defaultSession.permissionRequest?.({}, write, (granted) => answers.push(granted), details);
      answers.push(defaultSession.permissionCheck?.({}, write, details.requestingUrl, details));
    };
    ask(ours);
    ask({ ...ours, isMainFrame: false });
    ask({ ...ours, requestingUrl: 'https://evil.example/' });
    expect(answers).toEqual([true, true, false, false, false, false]);
    let isPrevented = false;
    const item = { getURL: () => 'blob:wheelhouse://app/2c4f' };
    defaultSession.emit('will-download', { preventDefault: () => (isPrevented = true) }, item);
    expect(isPrevented).toBe(false);
  });
});
