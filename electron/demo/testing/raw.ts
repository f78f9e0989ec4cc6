import { connect as connectPlain } from 'node:net';
import { connect } from 'node:tls';
import type { Endpoint } from '../cluster-network.ts';

/** Sends bytes over TLS and answers with everything that came until the node closed, or until `until` fits. */
export function sendRaw(node: Endpoint, text: string, until?: RegExp): Promise<string> {
  const socket = connect({ host: node.host, port: node.port, rejectUnauthorized: false });
  return collect(socket, text, until);
}

/** The same without TLS. */
export function sendPlain(node: Endpoint, text: string): Promise<string> {
  return collect(connectPlain({ host: node.host, port: node.port }), text);
}

function collect(socket: ReturnType<typeof connectPlain>, text: string, until?: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      received += chunk;
      if (until?.test(received)) socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
    socket.write(text);
  });
}
