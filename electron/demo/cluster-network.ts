import { createServer } from 'node:net';
import type { ClusterServices } from './http/node-server.ts';
import { NodeServer } from './http/node-server.ts';
import {
  createAuthority,
  createNodeCertificate,
  inventedFingerprint,
  type ClusterAuthority,
} from './http/certificates.ts';
import { NodeListener } from './http/listener.ts';
import type { SimNode } from './state/node.ts';

/** So many nodes of a large cluster listen; the others are there in the lists. */
const listeningNodes = 8;
/** So many ports are tried until one is free on every address. */
const portAttempts = 20;
/** The one address where a machine has no others on loopback. */
const soleAddress = '127.0.0.1';

/** A node that can be asked. */
export interface Endpoint {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** SHA-256 of its certificate, upper-case pairs with colons. */
  readonly fingerprint: string;
}

/** The sockets of a cluster. */
export interface ClusterNetwork {
  readonly endpoints: readonly Endpoint[];
  listenerOf(node: string): NodeListener | undefined;
  /** A fresh certificate for a node, presented from the next connection on. */
  replaceCertificate(node: string): Promise<string>;
  close(): Promise<void>;
}

/**
 * Lets the nodes of a cluster listen, every one on its own address and all on the same port, like real nodes on 8006.
 * Where such addresses cannot be bound, all share 127.0.0.1 and one certificate, and one of them answers.
 */
export async function openNetwork(
  services: ClusterServices,
  port: number,
  wantsShared: boolean,
): Promise<ClusterNetwork> {
  const authority = await createAuthority();
  const nodes = [...services.state.nodes.values()];
  const shared = wantsShared || !(await canListen(nodes[0]));
  const speaking = nodes.slice(0, shared ? 1 : listeningNodes);
  const listeners = new Map<string, NodeListener>();
  for (const node of nodes) node.fingerprint = inventedFingerprint(services.state.seed, node.name);
  for (const node of speaking) {
    const certificate = await createNodeCertificate(authority, [node.name, 'localhost'], [node.host, soleAddress]);
    node.fingerprint = certificate.fingerprint;
    listeners.set(node.name, new NodeListener(new NodeServer(services, node), certificate));
  }
  if (shared) shareAddress(nodes);
  const bound = await bindAll(speaking, listeners, port);
  for (const node of nodes) node.port = bound;
  return {
    endpoints: speaking.map(({ name, host, fingerprint }) => ({ name, host, port: bound, fingerprint })),
    listenerOf: (name) => listeners.get(name),
    replaceCertificate: (name) => replaceCertificate(services.state.nodes.get(name), listeners.get(name), authority),
    close: async () => {
      await Promise.all([...listeners.values()].map((listener) => listener.shut()));
    },
  };
}

async function canListen(node: SimNode | undefined): Promise<boolean> {
  if (!node) return false;
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen(0, node.host, () => probe.close(() => resolve(true)));
  });
}

/** Everything behind one address: the cluster's nodes then differ by name alone. */
function shareAddress(nodes: readonly SimNode[]): void {
  const [first] = nodes;
  for (const node of nodes) Object.assign(node, { host: soleAddress, fingerprint: first?.fingerprint ?? '' });
}

async function bindAll(
  nodes: readonly SimNode[],
  listeners: ReadonlyMap<string, NodeListener>,
  port: number,
): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await bindOnce(nodes, listeners, port);
    } catch (cause) {
      await Promise.all([...listeners.values()].map((listener) => listener.shut()));
      if (port !== 0 || attempt >= portAttempts) throw cause;
    }
  }
}

async function bindOnce(
  nodes: readonly SimNode[],
  listeners: ReadonlyMap<string, NodeListener>,
  port: number,
): Promise<number> {
  let bound = port;
  for (const node of nodes) bound = (await listeners.get(node.name)?.open(node.host, bound)) ?? bound;
  return bound;
}

async function replaceCertificate(
  node: SimNode | undefined,
  listener: NodeListener | undefined,
  authority: ClusterAuthority,
): Promise<string> {
  if (!node || !listener) throw new Error('This node does not listen');
  const certificate = await createNodeCertificate(authority, [node.name, 'localhost'], [node.host, soleAddress]);
  listener.present(certificate);
  node.fingerprint = certificate.fingerprint;
  return certificate.fingerprint;
}
