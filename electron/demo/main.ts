import { parseArgs } from 'node:util';
import { startDemonstration, type DemonstrationSize } from './demonstration.ts';

/** Starts simulated clusters from a command line and prints one JSON line for each; ends on Ctrl+C. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      clusters: { type: 'string', default: '1' },
      nodes: { type: 'string' },
      guests: { type: 'string' },
      seed: { type: 'string', default: '1' },
      print: { type: 'boolean', default: false },
    },
  });
  const size: 'standard' | DemonstrationSize =
    values.nodes === undefined && values.guests === undefined
      ? 'standard'
      : { clusters: Number(values.clusters), nodes: Number(values.nodes ?? 3), guests: Number(values.guests ?? 60) };
  const demonstration = await startDemonstration({ size, seed: Number(values.seed) });
  for (const { name, version, nodes, users, tokens } of demonstration.clusters) {
    process.stdout.write(`${JSON.stringify({ name, version, nodes, users, tokens })}\n`);
  }
  if (values.print) await demonstration.close();
  else process.once('SIGINT', () => void demonstration.close());
}

await main();
