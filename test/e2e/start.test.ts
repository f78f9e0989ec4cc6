import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openWindow, startApp, waitForWelcome, type RunningApp, type StartOptions } from './harness.ts';

let browser: Browser;
let app: RunningApp;
beforeAll(async () => {
  [browser, app] = await Promise.all([launchBrowser(), startApp()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.stop();
});

const others: RunningApp[] = [];
afterEach(async () => {
  for (const other of others.splice(0)) await other.stop();
});

async function startAnother(options: StartOptions = {}): Promise<RunningApp> {
  const other = await startApp(options);
  others.push(other);
  return other;
}

describe('the window in a browser', () => {
  it('loads, connects, keeps its policy, asks nobody else for anything, and hides its token', async () => {
    const window = await openWindow(browser, 'about:blank');
    const welcome = waitForWelcome(window.page);
    await window.page.goto(app.url);
    await welcome;
    await window.page.waitForLoadState('networkidle');
    expect(window.page.url()).not.toContain(new URL(app.url).hash.slice(1));
    await window.close();

    const watched = await openWindow(browser, app.url);
    await watched.page.waitForLoadState('networkidle');
    expect(watched.problems).toEqual([]);
    await watched.close();
  });

  it('connects again after a reload, and as soon as the address of a newer start is put in', async () => {
    const window = await openWindow(browser, app.url);
    await window.page.waitForLoadState('networkidle');
    const reloaded = waitForWelcome(window.page);
    await window.page.reload();
    await reloaded;
    const again = waitForWelcome(window.page);
    await window.page.evaluate((hash) => {
      location.hash = hash;
    }, new URL(app.url).hash);
    await again;
    await window.page.waitForLoadState('networkidle');
    expect(window.problems).toEqual([]);
    await window.close();
  });

  it('would notice a violation of its policy', async () => {
    const window = await openWindow(browser, app.url);
    await window.page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'globalThis.ran = true';
      document.body.append(script);
    });
    await expect
      .poll(() => window.problems)
      .toContainEqual(expect.stringContaining('policy: script-src-elem by inline'));
    expect(await window.page.evaluate(() => 'ran' in globalThis)).toBe(false);
    await window.close();
  });

  it('does not connect without the token', async () => {
    const window = await openWindow(browser, `${app.origin}/`);
    let sockets = 0;
    window.page.on('websocket', () => sockets++);
    await window.page.reload({ waitUntil: 'networkidle' });
    expect(sockets).toBe(0);
    await window.close();
  });
});

describe('npm start', () => {
  it('prints the address as its last line and nothing else on standard output', () => {
    expect(app.output()).toMatch(/^Wheelhouse is at http:\/\/127\.0\.0\.1:\d+\/#[\w-]{43}\n$/m);
    expect(app.output().trimEnd().split('\n').at(-1)).toMatch(/^Wheelhouse is at /);
  });

  it('ends with 0 on Ctrl+C, also with a window open', async () => {
    const other = await startAnother();
    const window = await openWindow(browser, other.url);
    await window.page.waitForLoadState('networkidle');
    await expect(other.stop()).resolves.toBe(0);
    await window.close();
  });

  it('says in words when its port is taken', async () => {
    await expect(startApp({ args: ['--port', new URL(app.url).port] })).rejects.toThrow(
      /Port \d+ is taken by another program\. Name another with --port N/,
    );
  });

  it('says which process has the profile, and leaves that one alone', async () => {
    await expect(startApp({ profilePath: app.profilePath })).rejects.toThrow(/process \d+/);
    const window = await openWindow(browser, app.url);
    await window.page.waitForLoadState('networkidle');
    expect(window.problems).toEqual([]);
    await window.close();
  });

  it('has both demonstration clusters in the window ten seconds after its line, and then all their guests', async () => {
    const demo = await startAnother({ args: ['--demo'] });
    const timeout = 10_000;
    const startedAt = performance.now();
    const window = await openWindow(browser, demo.url);
    await window.page.getByText('Demo north').first().waitFor({ timeout });
    // The second one is below the fold of the tree.
    await window.page.getByText('2 connections').first().waitFor({ timeout });
    expect(performance.now() - startedAt).toBeLessThan(timeout);
    // 60 guests and 20, and the heads of the columns.
    const rowsOfAll = 81;
    await window.page.waitForFunction(
      (count) => document.querySelector('[role="grid"]')?.getAttribute('aria-rowcount') === String(count),
      rowsOfAll,
    );
    expect(window.problems).toEqual([]);
    await window.close();
    await expect(demo.stop()).resolves.toBe(0);
  });

  it('answers npm itself', async () => {
    const root = resolve(import.meta.dirname, '../..');
    const child = spawn('npm', ['start', '--silent', '--', '--version'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (part: Buffer) => (text += part.toString()));
    await new Promise((done) => child.on('close', done));
    expect(text).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
