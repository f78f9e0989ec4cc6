import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const root = resolve(import.meta.dirname, '../..');

/** A host started as a user would, `npm start -- --host loopback --no-open`, on a profile of its own. */
export interface RunningApp {
  /** With the token. */
  readonly url: string;
  readonly origin: string;
  readonly profilePath: string;
  /** What it wrote to standard output and error so far. */
  readonly output: () => string;
  /** Ctrl+C; resolves to the exit code. */
  stop(): Promise<number | null>;
  /** `kill -9`. */
  kill(): Promise<void>;
}

export interface StartOptions {
  /** Further arguments of `npm start`, e.g. `--demo`. */
  readonly args?: readonly string[];
  /** A profile that exists; by default an empty one that is removed at the end. */
  readonly profilePath?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the app and waits for its address. Rejects with all that it said when it ends before. */
export async function startApp(options: StartOptions = {}): Promise<RunningApp> {
  const profilePath = options.profilePath ?? (await mkdtemp(join(tmpdir(), 'wheelhouse-profile-')));
  const args = [
    'build/start.mjs',
    '--host',
    'loopback',
    '--no-open',
    '--profile',
    profilePath,
    ...(options.args ?? []),
  ];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, NODE_ENV: undefined, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { output, address } = listen(child);
  const exited = new Promise<number | null>((done) => {
    child.on('close', (code) => done(code));
  });
  const removeProfile = async (): Promise<void> => {
    if (options.profilePath === undefined) await rm(profilePath, { recursive: true, force: true });
  };
  const url = await Promise.race([
    address,
    exited.then(async (code) => {
      await removeProfile();
      throw new Error(`the app ended with ${String(code)} before it was there:\n${output()}`);
    }),
  ]);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const code = await exited;
    await removeProfile();
    return code;
  };
  return {
    url,
    origin: new URL(url).origin,
    profilePath,
    output,
    stop: () => end('SIGINT'),
    kill: async () => void (await end('SIGKILL')),
  };
}

function listen(child: ChildProcessByStdio<null, Readable, Readable>): {
  readonly output: () => string;
  readonly address: Promise<string>;
} {
  let text = '';
  const address = new Promise<string>((found) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (part: string) => {
        text += part;
        const url = /^Wheelhouse is at (http:\S+)$/m.exec(text)?.[1];
        if (url !== undefined) found(url);
      });
    }
  });
  return { output: () => text, address };
}

/** Starts Chromium. CHROMIUM_PATH names it; `npm test` sets that to the one it found. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** One window of the app, and everything in it that no window may have. */
export interface AppWindow {
  readonly page: Page;
  readonly context: BrowserContext;
  /**
   * Errors on the console, uncaught errors, violations of the Content-Security-Policy, and requests to anywhere but the app.
   * Expected to be empty at the end of every test that does not provoke one.
   */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

export interface WindowOptions {
  readonly colorScheme?: 'light' | 'dark';
  readonly locale?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** Opens the app in a browser profile of its own, with every answer of the core held against its schema. */
export async function openWindow(browser: Browser, url: string, options: WindowOptions = {}): Promise<AppWindow> {
  const context = await browser.newContext({
    colorScheme: options.colorScheme ?? 'light',
    locale: options.locale ?? 'en-GB',
    viewport: options.viewport ?? { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(90_000);
  const problems: string[] = [];
  await context.exposeFunction('reportViolation', (text: string) => problems.push(`policy: ${text}`));
  await context.addInitScript(() => {
    const { reportViolation } = globalThis as unknown as { reportViolation: (text: string) => void };
    sessionStorage.setItem('wheelhouse.validate-frames', '1');
    document.addEventListener('securitypolicyviolation', (event) => {
      reportViolation(`${event.violatedDirective} by ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber}`);
    });
  });
  const page = await context.newPage();
  watch(page, new URL(url).origin, problems);
  await page.goto(url);
  return { page, context, problems, close: () => context.close() };
}

function watch(page: Page, origin: string, problems: string[]): void {
  const allowed = [`${origin}/`, `${origin.replace('http:', 'ws:')}/`, 'data:', 'blob:'];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    if (!allowed.some((start) => request.url().startsWith(start))) problems.push(`request to ${request.url()}`);
  });
}

/** Resolves when the window and the core have greeted each other on the next WebSocket that the page opens. */
export async function waitForWelcome(page: Page): Promise<void> {
  const socket = await page.waitForEvent('websocket');
  await socket.waitForEvent('framereceived', ({ payload }) => payload.toString().includes('"type":"welcome"'));
}
