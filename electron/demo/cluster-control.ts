import type { ClusterNetwork } from './cluster-network.ts';
import type { SimulationClock } from './clock.ts';
import type { Faults } from './faults/faults.ts';
import type { ClusterServices } from './http/node-server.ts';
import type { RequestLog } from './http/request-log.ts';
import { nowSeconds, type ClusterState } from './state/cluster-state.ts';
import type { LoadProfile, SimGuest } from './state/guest.ts';
import type { SimNode } from './state/node.ts';
import { guestsChanged, publishNow } from './state/publication.ts';

/** How long the membership layer takes to notice that a host is gone, and that it is back (recorded on PVE 9.1.9). */
const lossNoticedMs = 5700;
const returnNoticedMs = 9000;

/** The handle by which tests and demonstrations steer a cluster. */
export class ClusterControl {
  /** What the cluster knows. Change it inside `edit`. */
  readonly state: ClusterState;
  /** Scripted faults of single answers. */
  readonly failures: Faults;
  /** What was asked. */
  readonly requests: RequestLog;
  readonly clock: SimulationClock;
  readonly #network: ClusterNetwork;

  constructor(services: ClusterServices, network: ClusterNetwork) {
    this.state = services.state;
    this.failures = services.faults;
    this.requests = services.requests;
    this.clock = services.state.clock;
    this.#network = network;
  }

  /** Changes the state and lets every list show it at once, as after a round of the collector. */
  edit(change: (state: ClusterState) => void): void {
    change(this.state);
    for (const guest of this.state.guests.values()) this.state.unpublished.add(guest);
    publishNow(this.state);
  }

  /** A guest, to be read or, inside `edit`, changed. Throws when there is none. */
  guest(vmid: number): SimGuest {
    const guest = this.state.guests.get(vmid);
    if (!guest) throw new Error(`No guest ${vmid}`);
    return guest;
  }

  /** Sets figures of a guest's load. */
  setLoad(vmid: number, load: Partial<LoadProfile>): void {
    Object.assign(this.guest(vmid).load, load);
    guestsChanged(this.state);
  }

  /** Lets time pass without waiting. */
  advance(ms: number): void {
    this.clock.advance(ms);
  }

  /** Lets lists show the present. */
  collect(): void {
    publishNow(this.state);
  }

  /** Makes every ticket issued so far worthless. */
  expireTickets(): void {
    this.state.ticketsValidFrom = nowSeconds(this.state) + 1;
    this.clock.advance(1000);
  }

  /** The host vanishes with its workers. For 5.7 s it still counts as online; then it is offline, and its guests keep their last state. */
  async powerOff(name: string): Promise<void> {
    const node = this.#node(name);
    node.power = 'off';
    node.silentSinceMs = this.clock.now();
    for (const task of this.state.tasks.values()) if (task.node === name) task.vanish?.();
    await this.#network.listenerOf(name)?.shut();
    this.clock.after(lossNoticedMs, () => {
      if (node.power !== 'off') return;
      node.online = false;
      guestsChanged(this.state);
    });
  }

  /** The host boots; nine seconds later the cluster has noticed. Its guests are off until somebody starts them. */
  async powerOn(name: string): Promise<void> {
    const node = this.#node(name);
    node.power = 'on';
    node.bootedAtMs = this.clock.now();
    await this.#network.listenerOf(name)?.open(node.host, node.port);
    this.clock.after(returnNoticedMs, () => {
      node.online = true;
      node.silentSinceMs = undefined;
      this.edit((state) => {
        for (const guest of state.guests.values()) {
          if (guest.node === name)
            Object.assign(guest, { running: false, paused: false, stoppedAtMs: this.clock.now() });
        }
      });
    });
  }

  /** Its API accepts connections and never answers; calls that other nodes pass on to it end with 596 after 30 s. */
  freeze(name: string): void {
    this.#node(name).power = 'frozen';
    const listener = this.#network.listenerOf(name);
    if (!listener) return;
    listener.isFrozen = true;
    listener.breakConnections();
  }

  /** Undoes `freeze`. */
  thaw(name: string): void {
    this.#node(name).power = 'on';
    const listener = this.#network.listenerOf(name);
    if (!listener) return;
    listener.isFrozen = false;
    listener.breakConnections();
  }

  /** Its API refuses connections while the host lives: other nodes answer 595 for it, and it stays online. */
  async refuseConnections(name: string): Promise<void> {
    this.#node(name).power = 'proxy-stopped';
    await this.#network.listenerOf(name)?.shut();
  }

  /** Undoes `refuseConnections`. */
  async acceptConnections(name: string): Promise<void> {
    const node = this.#node(name);
    node.power = 'on';
    await this.#network.listenerOf(name)?.open(node.host, node.port);
  }

  /** Breaks every open connection to a node once. */
  breakConnections(name: string): void {
    this.#network.listenerOf(name)?.breakConnections();
  }

  /** Takes the majority away, or gives it back. */
  setQuorum(isQuorate: boolean): void {
    this.state.forcedQuorumLoss = !isQuorate;
    guestsChanged(this.state);
  }

  /** Gives a node another certificate and answers with its fingerprint. */
  replaceCertificate(name: string): Promise<string> {
    return this.#network.replaceCertificate(name);
  }

  #node(name: string): SimNode {
    const node = this.state.nodes.get(name);
    if (!node) throw new Error(`No node ${name}`);
    return node;
  }
}
