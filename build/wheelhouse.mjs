#!/usr/bin/env node
/** The command `wheelhouse`: starts the built command line, or says how to build it. An old Node must be able to read this. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const entry = join(root, 'dist', 'cli', 'main.js');
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Wheelhouse needs Node 20.19 or later; this is ${process.versions.node} (${process.execPath}).`);
  process.exitCode = 1;
} else if (existsSync(entry)) {
  await import(pathToFileURL(entry).href);
} else {
  console.error(`Wheelhouse has not been built yet. In ${root}:\n  npm ci\n  node build/build.mjs`);
  process.exitCode = 1;
}
