import type { Page } from 'playwright-core';
import type { SimulatedCluster } from '../../electron/demo/index.ts';

/** What people do in the window, for tests that have something else to prove. */

export type SignIn =
  | { readonly method: 'password'; readonly user: string; readonly realm: string; readonly password: string }
  | { readonly method: 'token'; readonly tokenId: string; readonly secret: string };

const next = (page: Page) => page.getByRole('button', { name: 'Continue', exact: true }).click();

/** Goes to a place of the window. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, path);
}

/** Fills the wizard in up to its sign-in page, trusting the certificate that is shown. */
export async function lookAtHost(page: Page, host: string, port: number): Promise<void> {
  await goTo(page, '/connection-new');
  await page.getByRole('textbox', { name: 'Host' }).fill(host);
  await page.getByRole('textbox', { name: 'Port' }).fill(String(port));
  await page.getByRole('button', { name: 'Look', exact: true }).click();
  await page.getByRole('button', { name: /^Proxmox VE API on port/ }).waitFor();
  await next(page);
  await page.getByRole('checkbox', { name: 'Yes, I trust this identity' }).click();
  await next(page);
}

/** Adds a connection to the first node of a cluster with the wizard, without keeping a password. */
export async function addConnection(
  page: Page,
  cluster: SimulatedCluster,
  name: string,
  signIn: SignIn,
): Promise<void> {
  const [node] = cluster.nodes;
  if (node === undefined) throw new Error('the cluster has no node');
  await lookAtHost(page, node.host, node.port);
  await fillSignIn(page, signIn);
  await next(page);
  await next(page);
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  const keep = page.getByRole('checkbox', { name: 'Keep the password for the next start' });
  if ((await keep.count()) > 0 && (await keep.isChecked())) await keep.click();
  await page.getByRole('button', { name: 'Save and connect' }).click();
}

async function fillSignIn(page: Page, signIn: SignIn): Promise<void> {
  if (signIn.method === 'token') {
    await page.getByRole('button', { name: /^API token/ }).click();
    await page.getByRole('textbox', { name: 'Token', exact: true }).fill(signIn.tokenId);
    await page.getByLabel('Secret', { exact: true }).fill(signIn.secret);
    return;
  }
  await page.getByRole('button', { name: /^User and password/ }).click();
  await page.getByRole('textbox', { name: 'User', exact: true }).fill(signIn.user);
  await page.getByRole('combobox', { name: 'Realm' }).click();
  await page.getByRole('option', { name: new RegExp(`^${signIn.realm}\\b`) }).click();
  await page.getByLabel('Password', { exact: true }).fill(signIn.password);
}
