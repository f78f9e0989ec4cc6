import { createInterface } from 'node:readline';
import { createClock, startSimulatedCluster } from '../../electron/demo/index.ts';

/**
 * A simulated cluster in a process of its own, so that its work is not measured with ours. Time stands still: figures move
 * only when a line on standard input says so.
 * - `tick`: a round of the collector; the load of every running guest has moved.
 * - `change N`: N guests get another name.
 */
const [nodes = '100', guests = '10000'] = process.argv.slice(2);
const clock = createClock({ frozenAtMs: Date.now() });
const cluster = await startSimulatedCluster({ name: 'bench', nodes: Number(nodes), guests: Number(guests), clock });
const say = (value: object): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
say({ nodes: cluster.nodes, tokens: cluster.tokens, users: cluster.users });

let turn = 0;
createInterface({ input: process.stdin }).on('line', (line) => {
  const [command, count] = line.split(' ');
  turn += 1;
  if (command === 'tick') {
    cluster.control.advance(10_000);
    cluster.control.collect();
  } else {
    cluster.control.edit((state) => {
      let left = Number(count);
      for (const guest of state.guests.values()) {
        if (left-- <= 0) break;
        guest.name = `${guest.name.replace(/-t\d+$/, '')}-t${turn}`;
      }
    });
  }
  say({ done: command });
});
process.stdin.on('end', () => void cluster.close());
