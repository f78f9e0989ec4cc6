import type { Browser, Page } from 'playwright-core';

/** What is typed: words that match many, few and none, and back again. */
const backspaces = (count: number): string[] => Array.from({ length: count }, () => 'Backspace');
const keys = [
  ...'web-0'.split(''),
  'Backspace',
  ...'17'.split(''),
  ...backspaces(7),
  ...'db tag:pro'.split(''),
  ...backspaces(10),
  ...'nothing'.split(''),
  ...backspaces(7),
];

interface Measured {
  keyPaints: number[];
}

/** Measures in the page from the key event to the frame after the last change of the results that it caused. */
async function watchKeys(page: Page, target: string): Promise<void> {
  await page.evaluate((selector) => {
    const scope = globalThis as unknown as Measured & { keyAtMs?: number };
    scope.keyPaints = [];
    let frame = 0;
    const changed = (): void => {
      const { keyAtMs } = scope;
      if (keyAtMs === undefined) return;
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        const channel = new MessageChannel();
        // After the frame's own work: the moment at which the picture is handed over.
        channel.port1.start();
        channel.port1.addEventListener('message', () => {
          scope.keyPaints.push(performance.now() - keyAtMs);
          delete scope.keyAtMs;
        });
        channel.port2.postMessage(0);
      });
    };
    addEventListener('keydown', () => (scope.keyAtMs = performance.now()), { capture: true });
    const element = document.querySelector(selector);
    if (element === null) throw new Error(`nothing matches ${selector}`);
    const isResult = ({ target: node }: MutationRecord): boolean =>
      !((node instanceof Element ? node : node.parentElement)?.closest('[role=search], input') ?? false);
    const onChanges = (changes: MutationRecord[]): void => {
      if (changes.some(isResult)) changed();
    };
    new MutationObserver(onChanges).observe(element, {
      childList: true,
      subtree: true,
      characterData: true,
      attributes: true,
    });
  }, target);
}

async function typeAll(page: Page): Promise<number[]> {
  for (const key of keys) {
    const before = await page.evaluate(() => (globalThis as unknown as Measured).keyPaints.length);
    await page.keyboard.press(key === ' ' ? 'Space' : key);
    // A key that changes nothing (one more letter of a word that matches nothing) has nothing to paint.
    await page
      .waitForFunction((count) => (globalThis as unknown as Measured).keyPaints.length > count, before, {
        timeout: 1000,
      })
      .catch(() => undefined);
  }
  return page.evaluate(() => (globalThis as unknown as Measured).keyPaints);
}

/** Types into the filter over the tree. */
export async function typeAndMeasure(page: Page): Promise<number[]> {
  await watchKeys(page, '.inventory-tree');
  await page.locator('.inventory-tree [role=search] input').focus();
  return typeAll(page);
}

/** The same keys in a page that only writes what was typed. */
export async function searchBaseline(browser: Browser): Promise<number[]> {
  const page = await browser.newPage();
  await page.setContent('<input id="field"><output id="out">-</output>');
  await page.evaluate(() => {
    const field = document.querySelector('input');
    const out = document.querySelector('output');
    field?.addEventListener('input', () => {
      if (out !== null) out.textContent = `${field.value}.`;
    });
  });
  await watchKeys(page, '#out');
  await page.focus('#field');
  const times = await typeAll(page);
  await page.close();
  return times;
}
