/** `npm start`. Runs before anything is installed, so it needs Node alone; an old Node must at least be able to read this file. */
const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 20 || (major === 20 && minor >= 19)) {
  const { start } = await import('./start/start-app.mjs');
  await start(process.argv.slice(2));
} else {
  console.error(
    `Wheelhouse needs Node 20.19 or later; this is ${process.versions.node} (${process.execPath}). Install a newer one, e.g. from https://nodejs.org.`,
  );
  process.exitCode = 1;
}
