import { describe } from 'vitest';
import { labNodes, type Lab } from './lab-nodes.ts';

/**
 * A suite that needs the lab. Without one it is skipped and the reason printed; with WHEELHOUSE_LAB=required
 * it fails. Use: `await describeLab('name', (lab) => { it(...) })` at the top level of a `*.lab.ts` file.
 */
export async function describeLab(name: string, body: (lab: Lab) => void): Promise<void> {
  const lab = await labNodes();
  const reason = 'unavailable' in lab ? lab.unavailable : null;
  if (reason !== null) process.stderr.write(`skipped: ${name}: ${reason}\n`);
  describe(`${name}${reason === null ? '' : ` (${reason})`}`, { skip: reason !== null }, () => {
    if (!('unavailable' in lab)) body(lab);
  });
}
