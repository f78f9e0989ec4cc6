import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSimulatedCluster, totpCode, type SimulatedCluster } from '../../electron/demo/index.ts';
import { launchBrowser, openWindow, startApp, type AppWindow, type RunningApp } from './harness.ts';
import { addConnection } from './window-steps.ts';

let browser: Browser;
let cluster: SimulatedCluster;
let app: RunningApp;
let window: AppWindow;
beforeAll(async () => {
  [browser, cluster] = await Promise.all([launchBrowser(), startSimulatedCluster({ name: 'north', subnet: 91 })]);
});
afterAll(async () => {
  await browser?.close();
  await cluster?.close();
});
beforeEach(async () => {
  // Without a session bus there is no keyring: a test never writes into the one of whoever runs it.
  app = await startApp({ env: { DBUS_SESSION_BUS_ADDRESS: 'disabled:' } });
  window = await openWindow(browser, app.url);
  window.page.setDefaultTimeout(20_000);
});
afterEach(async () => {
  await window.close();
  await app.stop();
});

const header = () => window.page.locator('.entity-header');
const userOf = (id: string) => {
  const found = cluster.users.find((user) => user.userId === id);
  if (found === undefined) throw new Error(`no user ${id}`);
  const [user = '', realm = ''] = id.split('@');
  return { ...found, signIn: { method: 'password', user, realm, password: found.password } as const };
};

describe('adding a Proxmox VE cluster in the window', () => {
  it('asks for the one-time code, says that a wrong one was not accepted, and goes on with the right one', async () => {
    const { page } = window;
    const carol = userOf('carol@pve');
    await addConnection(page, cluster, 'North', carol.signIn);
    const dialog = page.getByRole('dialog', { name: 'Second factor for North' });
    const code = dialog.getByLabel('Code of the authenticator app');
    await code.fill('000000');
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.getByText('That was not accepted.').waitFor();
    await code.fill(totpCode(carol.totpSecret ?? '', cluster.control.clock.now() / 1000));
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'detached' });
    await header().getByText('live').waitFor();
    await page.getByRole('treeitem', { name: /^node-01/ }).waitFor();
    expect(window.problems).toEqual([]);
  });

  it('stops after a wrong password, says why, and asks for the right one when it is told to go on', async () => {
    const { page } = window;
    const { signIn } = userOf('operator@pve');
    await addConnection(page, cluster, 'North', { ...signIn, password: 'wrong' });
    await page.getByText('The host did not accept the sign-in by password.').first().waitFor();
    await page.getByRole('button', { name: 'Connect again now' }).click();
    const dialog = page.getByRole('dialog', { name: 'Password for North' });
    await dialog.getByLabel('Password', { exact: true }).fill(signIn.password);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await header().getByText('live').waitFor();
    expect(window.problems).toEqual([]);
  });

  it('explains the empty list of a token without rights, with the command that grants them', async () => {
    const { page } = window;
    const token = cluster.tokens.find(({ tokenId }) => tokenId === 'nobody@pve!empty');
    if (token === undefined) throw new Error('no token without rights');
    await addConnection(page, cluster, 'North', { method: 'token', ...token });
    const vault = page.getByRole('dialog', { name: 'Choose a passphrase for your secrets' });
    await vault.getByLabel('New passphrase').fill('a passphrase of a test');
    await vault.getByLabel('Once more').fill('a passphrase of a test');
    await vault.getByRole('button', { name: 'Create' }).click();
    await header().getByText('live').waitFor();
    await page.getByRole('tab', { name: 'Overview' }).click();
    await page.getByRole('heading', { name: 'Rights that are missing' }).waitFor();
    await page.getByText("pveum acl modify / --tokens 'nobody@pve!empty' --roles PVEAuditor").waitFor();
    expect(window.problems).toEqual([]);
  });

  it('blocks a changed certificate, shows the old and the new one, and goes on when the new one is trusted', async () => {
    const { page } = window;
    await addConnection(page, cluster, 'North', userOf('root@pam').signIn);
    await header().getByText('live').waitFor();
    const [node] = cluster.nodes;
    const presented = await cluster.control.replaceCertificate(node?.name ?? '');
    for (const other of cluster.nodes.slice(1)) await cluster.control.powerOff(other.name);
    const dialog = page.getByRole('dialog', { name: 'North shows another identity' });
    await dialog.waitFor({ timeout: 60_000 });
    await dialog.getByText(presented).waitFor();
    expect(await dialog.locator('dd').first().textContent()).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(await dialog.locator('dd').first().textContent()).not.toBe(presented);
    await header().getByText('needs you').waitFor();
    await dialog.getByRole('button', { name: /^Trust the new identity/ }).click();
    await header().getByText('live').waitFor();
    for (const other of cluster.nodes.slice(1)) await cluster.control.powerOn(other.name);
  });
});
