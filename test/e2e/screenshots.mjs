import { createServer } from 'node:http';
import { mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join, normalize, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { build } from 'vite';

/**
 * Pictures of every screen in its states, themes and sizes, on the fixture page (no host needed):
 * `node test/e2e/screenshots.mjs [--out DIR] [--only PART_OF_NAME]`. Prints the folder and everything that the browser complained about.
 */
const root = resolve(import.meta.dirname, '../..');
const page = join(root, 'dist/fixture-page');
const args = process.argv.slice(2);
const option = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);

const guest = encodeURIComponent('north/guest/qemu:100');
const offlineNode = encodeURIComponent('attic/node/attic');
const screens = [
  { name: 'inventory', query: 'guests=80&troubles' },
  { name: 'inventory-5', query: 'guests=5' },
  { name: 'inventory-5000', query: 'guests=5000&troubles' },
  { name: 'inventory-empty', query: 'guests=0' },
  { name: 'inventory-loading', query: 'state=loading' },
  { name: 'inventory-german', query: 'guests=80&troubles&language=de' },
  { name: 'tree-pools', query: 'guests=80&view=pool' },
  { name: 'tree-tags', query: 'guests=80&view=tag' },
  { name: 'tree-folders', query: 'guests=80&view=folder&folders' },
  { name: 'guest', query: 'guests=80', hash: `/entity/${guest}` },
  { name: 'node-offline', query: 'guests=80&troubles', hash: `/entity/${offlineNode}` },
  { name: 'gone', query: 'guests=5', hash: '/entity/x%2Fguest%2Fy' },
  {
    name: 'selection',
    query: 'guests=80',
    async act(window) {
      await window.getByRole('row').nth(3).click();
      await window
        .getByRole('row')
        .nth(9)
        .click({ modifiers: ['Shift'] });
    },
  },
  {
    name: 'confirm',
    query: 'guests=80',
    async act(window) {
      await window.getByRole('row').nth(3).click();
      await window
        .getByRole('row')
        .nth(9)
        .click({ modifiers: ['Shift'] });
      await window.getByRole('button', { name: 'Shut down', exact: true }).click();
      await window.getByRole('alertdialog').waitFor();
    },
  },
  {
    name: 'context-menu',
    query: 'guests=80',
    async act(window) {
      await window.getByRole('row').nth(5).click({ button: 'right' });
      await window.getByRole('menu').waitFor();
    },
  },
  {
    name: 'palette',
    query: 'guests=80&troubles',
    async act(window) {
      await window.keyboard.press('Control+k');
      await window.getByRole('combobox').last().fill('web');
    },
  },
  {
    name: 'shortcuts',
    query: 'guests=5',
    async act(window) {
      await window.keyboard.press('?');
      await window.getByRole('dialog').waitFor();
    },
  },
];
const themes = ['light', 'dark'];
const sizes = [
  [1440, 900],
  [1024, 768],
];

const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
/** Serves the built page under a policy as strict as the loopback host's. */
async function serve() {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname).replace(/^\/$/, '/index.html');
    response.setHeader(
      'content-security-policy',
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'",
    );
    response.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream');
    readFile(join(page, path)).then(
      (body) => response.end(body),
      () => response.writeHead(path === '/favicon.ico' ? 204 : 404).end(),
    );
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

async function shoot(browser, origin, out, screen, theme, [width, height]) {
  const window = await browser.newPage({ viewport: { width, height }, colorScheme: theme, reducedMotion: 'reduce' });
  const name = `${screen.name}-${theme}-${width}`;
  window.on('console', (message) => message.type() === 'error' && console.log(`${name}: ${message.text()}`));
  window.on('pageerror', (error) => console.log(`${name}: ${error.message}`));
  await window.goto(`${origin}/?${screen.query}#${screen.hash ?? '/inventory'}`);
  await window.getByRole('contentinfo').waitFor();
  await window.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  try {
    await screen.act?.(window);
  } catch (error) {
    console.log(`${name}: ${error.message}`);
  }
  await window.screenshot({ path: join(out, `${name}.png`) });
  await window.close();
}

await build({ configFile: join(root, 'test/fixture-page/vite.config.ts'), logLevel: 'error' });
const out = option('--out') ?? (await mkdtemp(join(tmpdir(), 'wheelhouse-screenshots-')));
await mkdir(out, { recursive: true });
const server = await serve();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu'],
});
const origin = `http://127.0.0.1:${server.address().port}`;
for (const screen of screens.filter((each) => each.name.includes(option('--only') ?? ''))) {
  for (const theme of themes) for (const size of sizes) await shoot(browser, origin, out, screen, theme, size);
}
await browser.close();
server.close();
console.log(out);
