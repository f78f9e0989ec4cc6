// Draws assets/icon.svg at every size that the packages need, with the system's Chromium. Run by hand after a change of
// the drawing; the results are committed, so that packaging needs no browser.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import png2icons from 'png2icons';

const assets = new URL('../assets/', import.meta.url);
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];

const drawing = await readFile(new URL('icon.svg', assets), 'utf8');
await mkdir(new URL('icons/', assets), { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu'],
});
try {
  for (const size of sizes) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${drawing}`);
    await page.screenshot({
      path: fileURLToPath(new URL(`icons/${size}x${size}.png`, assets)),
      omitBackground: true,
    });
    await page.close();
  }
} finally {
  await browser.close();
}
const largest = await readFile(new URL('icons/1024x1024.png', assets));
const ico = png2icons.createICO(largest, png2icons.BICUBIC, 0, true, true);
const icns = png2icons.createICNS(largest, png2icons.BICUBIC, 0);
if (ico === null || icns === null) throw new Error('the icon files could not be made');
await writeFile(new URL('icons/icon.ico', assets), ico);
await writeFile(new URL('icons/icon.icns', assets), icns);
