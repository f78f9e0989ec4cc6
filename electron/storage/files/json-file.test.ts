import { existsSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AppError } from '../../contract/errors.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { JsonFile } from './json-file.ts';

/** Reading it fails with EIO, as a disk or a network share in trouble does; Linux only. */
const unreadable = '/proc/self/mem';

test.skipIf(!existsSync(unreadable))('a disk that fails for a moment does not cost the user the file', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'connections.json');
  const problems: AppError[] = [];
  const file = new JsonFile<{ readonly list: readonly string[] }>({
    path,
    lockPath: join(folder, 'lock'),
    isWritable: true,
    empty: { list: [] },
    parse: (value) => value as { readonly list: readonly string[] },
    now: () => 0,
    onProblem: (error) => problems.push(error),
  });
  writeFileSync(`${path}.bak`, '{"list":["older"]}');
  symlinkSync(unreadable, path);
  await expect(file.read()).rejects.toMatchObject({ code: 'profile.not-writable', data: { cause: 'EIO' } });
  await expect(file.update((content) => content)).rejects.toMatchObject({ code: 'profile.not-writable' });
  expect(readdirSync(folder).filter((name) => name.includes('corrupt'))).toEqual([]);
  expect(problems).toEqual([]);
  rmSync(path);
  writeFileSync(path, '{"list":["newer"]}');
  expect(await file.read()).toEqual({ list: ['newer'] });
});
