import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundleForNode, startNode, type LineProcess } from '../../testing/node-bundle.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';

const reference = 'cred_0123456789abcdefghij';
const isInstalled = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
const missing = ['dbus-run-session', 'gnome-keyring-daemon', 'secret-tool'].filter((program) => !isInstalled(program));
const childEntry = { child: 'electron/testing/profile-child.ts' };

async function linesOf(child: LineProcess): Promise<readonly string[]> {
  const lines: string[] = [];
  for (let line = await child.nextLine(); line !== undefined; line = await child.nextLine()) lines.push(line);
  return lines;
}

test("secrets lie in the desktop's keyring, where other programs find them", async (context) => {
  context.skip(missing.length > 0, `there is no ${missing.join(', no ')} on this machine`);
  const folder = temporaryFolder();
  const script = join(await bundleForNode(childEntry), 'child.js');
  const home = temporaryFolder();
  const run = (command: string): LineProcess =>
    startNode(script, [], {
      shellPrefix: `exec dbus-run-session -- sh -c 'echo -n login | gnome-keyring-daemon --unlock --components=secrets >/dev/null; ${command}' #`,
      env: { ...process.env, HOME: home, XDG_DATA_HOME: home, XDG_RUNTIME_DIR: home, VAULT_KIND: 'automatic' },
    });
  const node = `"${process.execPath}" "${script}"`;
  const lines = await linesOf(
    run(
      [
        `${node} put-secret "${folder}" "" ${reference} "the secret"`,
        `${node} get-secret "${folder}" ${reference}`,
        `secret-tool lookup service wheelhouse username ${reference}; echo`,
        `${node} remove-secret "${folder}" ${reference}`,
        `${node} get-secret "${folder}" ${reference}`,
      ].join('; '),
    ),
  );
  expect(lines).toEqual(['put keyring', 'keyring the secret', 'the secret', 'keyring none']);
}, 60_000);

test('without a keyring the vault is a file', async () => {
  const script = join(await bundleForNode(childEntry), 'child.js');
  const env = { ...process.env, VAULT_KIND: 'automatic', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' };
  expect(await linesOf(startNode(script, ['get-secret', temporaryFolder(), reference], { env }))).toEqual([
    'file-new none',
  ]);
});
