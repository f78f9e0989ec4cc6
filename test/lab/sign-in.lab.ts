import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { launchBrowser, openWindow, startApp, type AppWindow, type RunningApp } from '../e2e/harness.ts';
import { describeLab } from './describe-lab.ts';
import { answerPassphrase, guestIs, lookAt, signInAndSave } from './window-steps.ts';

const vaultPassphrase = 'a passphrase for the vault';

/** Answers whichever question about the vault comes: a new passphrase, or the known one. */
async function answerVault(page: Page, isNew: boolean): Promise<void> {
  const dialog = page.getByRole('dialog', { name: isNew ? /^Choose a passphrase/ : /^Unlock/ });
  const fields = dialog.locator('input[type=password]');
  await fields.first().fill(vaultPassphrase);
  if (isNew) await fields.nth(1).fill(vaultPassphrase);
  await dialog.getByRole('button', { name: isNew ? 'Create' : 'Unlock' }).click();
  await dialog.waitFor({ state: 'detached' });
}

await describeLab('signing in to real nodes', (lab) => {
  const [first, second] = lab.nodes.filter(({ variant }) => variant === 'full');
  const nearGuest = first?.guests?.running;
  const farGuest = second?.guests?.running;
  if (first === undefined || second === undefined || nearGuest === undefined || farGuest === undefined)
    throw new Error('the lab needs two whole nodes');
  let home: string;
  let browser: Browser;
  let app: RunningApp;
  let window: AppWindow;
  // No desktop keyring: the vault is a file under a passphrase, on every machine that runs this.
  const open = async (): Promise<void> => {
    const env = { HOME: home, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent', SSH_AUTH_SOCK: '' };
    app = await startApp({ profilePath: join(home, 'profile'), env });
    window = await openWindow(browser, app.url);
    window.page.setDefaultTimeout(20_000);
  };
  const reopen = async (): Promise<void> => {
    await window.close();
    await app.stop();
    await open();
  };
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'wheelhouse-home-'));
    await mkdir(join(home, '.ssh'), { mode: 0o700 });
  });
  afterEach(async () => {
    await window.close();
    await app.stop();
    await rm(home, { recursive: true, force: true });
  });
  afterAll(() => browser?.close());

  const isLive = (name: string): Promise<void> => guestIs(window.page, name, 'running');
  const isLiveInColour = (name: string): Promise<void> =>
    window.page
      .getByRole('treeitem')
      .filter({ has: window.page.getByText(name, { exact: true }) })
      .locator('svg:not([data-dim])')
      .first()
      .waitFor();

  it('asks for a passphrase once, keeps it when told to, and needs only the vault at the next start', async () => {
    await open();
    const { page } = window;
    await lookAt(page, second.port);
    const done = signInAndSave(page, {
      name: 'south',
      port: second.port,
      user: 'admin',
      keyPath: lab.keys.encrypted,
    });
    await answerPassphrase(page, lab.keys.passphrase, false);
    await done;
    await answerPassphrase(page, lab.keys.passphrase, true);
    await answerVault(page, true);
    await isLive(farGuest);
    await reopen();
    await answerVault(window.page, false);
    await isLiveInColour(farGuest);
    expect(await window.page.getByRole('dialog').count()).toBe(0);
  });

  it('keeps the password of an account that is asked by keyboard-interactive', async () => {
    await open();
    const { page } = window;
    await lookAt(page, first.port);
    const done = signInAndSave(page, { name: 'north', port: first.port, user: 'kbd' });
    const answer = async (remember: boolean): Promise<void> => {
      const dialog = page.getByRole('dialog', { name: /^Password for/ });
      await dialog.getByLabel('Password', { exact: true }).fill('lab-kbd');
      if (remember) await dialog.getByRole('checkbox', { name: /^Remember it/ }).click();
      await dialog.getByRole('button', { name: 'Sign in' }).click();
      await dialog.waitFor({ state: 'detached' });
    };
    await answer(false);
    await done;
    await answer(true);
    await answerVault(page, true);
    await isLive(nearGuest);
    await reopen();
    await answerVault(window.page, false);
    await isLiveInColour(nearGuest);
    expect(await window.page.getByRole('dialog').count()).toBe(0);
  });

  it('asks once for each host that ~/.ssh/config puts on the way, and never again', async () => {
    const config = [
      'Host far',
      `  HostName ${second.address}`,
      '  ProxyJump near',
      'Host near',
      `  HostName ${first.host}`,
      `  Port ${first.port}`,
      'Host far near',
      '  User root',
      `  IdentityFile ${lab.keys.plain}`,
    ];
    await writeFile(join(home, '.ssh', 'config'), config.join('\n'));
    await open();
    const { page } = window;
    await page
      .getByRole('button', { name: /^Add (a )?connection/ })
      .first()
      .click();
    await page.getByRole('textbox', { name: 'Host' }).fill('far');
    await page.getByRole('button', { name: 'Look', exact: true }).click();
    await page.getByRole('button', { name: /^SSH, through a jump host/ }).click({ timeout: 60_000 });
    const proceed = page.getByRole('button', { name: 'Continue' });
    for (let step = 0; step < 4; step += 1) await proceed.click();
    await page.getByRole('button', { name: 'Save and connect' }).click();
    for (let hop = 0; hop < 2; hop += 1) {
      const trust = page.getByRole('button', { name: /^Trust the new identity/ });
      await trust.click();
      await trust.waitFor({ state: 'detached' });
    }
    await isLive(farGuest);
    await reopen();
    await isLiveInColour(farGuest);
    expect(await window.page.getByRole('dialog').count()).toBe(0);
  });
});
