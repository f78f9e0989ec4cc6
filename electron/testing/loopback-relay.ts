import net from 'node:net';

/** A wire to a loopback port that can be cut (both ends see it) or stalled (nobody is told, like a partition). */
export interface LoopbackRelay {
  readonly port: number;
  /** Connections through it that are open now. */
  readonly openCount: number;
  cut(): void;
  stall(): void;
  stop(): Promise<void>;
}

/** Starts a relay to a port, of this machine if not said otherwise. */
export async function startRelay(to: number, host = '127.0.0.1'): Promise<LoopbackRelay> {
  const pairs: (readonly [net.Socket, net.Socket])[] = [];
  const server = net.createServer((near) => {
    const far = net.connect(to, host);
    for (const socket of [near, far]) socket.on('error', () => undefined);
    near.pipe(far).pipe(near);
    pairs.push([near, far]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of pairs.flat()) socket.destroy();
  };
  return {
    port: (server.address() as net.AddressInfo).port,
    get openCount() {
      return pairs.filter(([near]) => !near.destroyed).length;
    },
    cut,
    stall: () => {
      for (const [near, far] of pairs) {
        near.unpipe(far);
        far.unpipe(near);
        near.resume();
        far.resume();
      }
    },
    stop: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
