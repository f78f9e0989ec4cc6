import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loopbackLinkPath } from '../../electron/contract/rpc/loopback.ts';
import { launchBrowser, startApp, type RunningApp } from './harness.ts';

/**
 * The page as Electron shows it: no token, no socket of its own, a port from the preload. The preload is played by a script
 * that carries the port's messages to the loopback host, since there is no Electron here; the page cannot tell.
 */
let app: RunningApp;
let browser: Browser;
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await app.stop();
});

describe('the page with a port', () => {
  it('connects through the bridge and shows the welcome page', async () => {
    const context = await browser.newContext({ locale: 'en-GB' });
    const token = new URL(app.url).hash.slice(1);
    await context.addInitScript(
      ({ url, authorise }) => {
        const connect = (): void => {
          const { port1, port2 } = new MessageChannel();
          const socket = new WebSocket(url);
          socket.binaryType = 'arraybuffer';
          socket.addEventListener('open', () => {
            socket.send(authorise);
            port1.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => socket.send(data));
            port1.start();
          });
          socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) =>
            port1.postMessage(typeof data === 'string' ? data : new Uint8Array(data)),
          );
          window.postMessage('wheelhouse:port', location.origin, [port2]);
        };
        Object.assign(window, { wheelhouse: { connect } });
      },
      {
        url: `${app.origin.replace('http:', 'ws:')}${loopbackLinkPath}`,
        authorise: JSON.stringify({ type: 'authorise', token }),
      },
    );
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(app.origin);
    await page.getByRole('heading', { name: 'Welcome to Wheelhouse' }).waitFor();
    expect(problems).toEqual([]);
    await context.close();
  });
});
