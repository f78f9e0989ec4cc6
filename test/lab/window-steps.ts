import type { Locator, Page } from 'playwright-core';

/** What a user types into the wizard for one host. */
export interface WizardEntries {
  readonly name: string;
  readonly port: number;
  readonly user: string;
  /** `keyPath`: sign in with this key file. Neither: automatic. */
  readonly keyPath?: string;
  readonly password?: string;
}

/** Goes through the wizard up to the identity, and returns the fingerprint that it shows. Trusts nothing yet. */
export async function lookAt(page: Page, port: number): Promise<string> {
  await page
    .getByRole('button', { name: /^Add (a )?connection/ })
    .first()
    .click();
  await page.getByRole('textbox', { name: 'Host' }).fill('127.0.0.1');
  await page.getByRole('textbox', { name: 'Port' }).fill(String(port));
  await page.getByRole('button', { name: 'Look', exact: true }).click();
  await page.getByRole('button', { name: new RegExp(`^SSH on port ${port}`) }).waitFor({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Continue' }).click();
  return (await page.locator('.wizard-fingerprint').textContent()) ?? '';
}

/** Trusts what is shown, signs in, tests, names and saves. Returns what the test stages said, line by line. */
export async function signInAndSave(page: Page, entries: WizardEntries): Promise<readonly string[]> {
  await page.getByRole('checkbox', { name: 'Yes, I trust this identity' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('textbox', { name: 'User' }).fill(entries.user);
  const method = entries.keyPath !== undefined ? 'Private key file' : entries.password !== undefined ? 'Password' : '';
  if (method !== '') await choose(page, 'Sign in with', method);
  if (entries.keyPath !== undefined) await page.getByRole('textbox', { name: 'Key file' }).fill(entries.keyPath);
  if (entries.password !== undefined) await page.getByLabel('Password', { exact: true }).fill(entries.password);
  await page.getByRole('button', { name: 'Continue' }).click();
  return finish(page, entries.name);
}

async function finish(page: Page, name: string): Promise<readonly string[]> {
  await page.getByRole('button', { name: 'Test now' }).click();
  const stages = page.locator('.test-stages li');
  await stages.first().waitFor({ timeout: 60_000 });
  const said = await stages.allInnerTexts();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await page.getByRole('button', { name: 'Save and connect' }).click();
  // Not by its role: a question may already stand before the page.
  await page.locator('h1', { hasText: name }).waitFor();
  return said.map((text) => text.replaceAll(/\s+/g, ' '));
}

/** Picks from one of the app's own drop-down lists. */
export async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: label, exact: true }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

/** The tree's line of a guest, a node or a connection, by its whole name. */
export function treeLine(page: Page, name: string): Locator {
  return page
    .getByRole('tree')
    .getByRole('treeitem')
    .filter({ has: page.getByText(name, { exact: true }) });
}

/** Waits until the tree shows the guest in this state ("running", "stopped"). */
export function guestIs(page: Page, name: string, state: string, withinMs = 60_000): Promise<void> {
  return treeLine(page, name).getByRole('img', { name: state, exact: true }).waitFor({ timeout: withinMs });
}

/** Opens a line of the tree and waits for its page. */
export async function openFromTree(page: Page, name: string): Promise<void> {
  await treeLine(page, name).click();
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
}

/** A power action from a guest's context menu in the tree, confirmed where the window asks. */
export async function powerFromTree(page: Page, name: string, action: string, asks: boolean): Promise<void> {
  await treeLine(page, name).click({ button: 'right' });
  await page.getByRole('menuitem', { name: action, exact: true }).click();
  if (asks)
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: `${action} ${name}` })
      .click();
}

/** Answers the window's question for the passphrase of a key. */
export async function answerPassphrase(page: Page, passphrase: string, remember: boolean): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Passphrase for a private key' });
  await dialog.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  if (remember) await dialog.getByRole('checkbox', { name: /^Remember it/ }).click();
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.waitFor({ state: 'detached' });
}
