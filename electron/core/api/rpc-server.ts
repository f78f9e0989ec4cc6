import { AppError, toAppError } from '../../contract/errors.ts';
import type { Disposable } from '../../contract/disposable.ts';
import { decodeClientFrame, encodeFrame, versionOfHello, violation } from '../../contract/rpc/codec.ts';
import { refusal } from '../../contract/rpc/frames.ts';
import type { FrameLink, RpcHandlers } from '../../contract/rpc/ports.ts';
import type { MethodTable } from '../../contract/rpc/shapes.ts';
import type { Log } from '../ports/log.ts';
import { RpcSession } from './rpc-session.ts';

export interface RpcServerOptions<Table extends MethodTable> {
  readonly table: Table;
  readonly handlers: RpcHandlers<Table>;
  /** The contract version that a window must name. */
  readonly version: number;
  readonly log: Log;
}

/** Window ids remembered so that a reconnect is told apart from a new window; the oldest are forgotten. */
const rememberedWindows = 256;

/** The answering end of the contract. Hosts hand it one link for each window and know nothing else about RPC. */
export class RpcServer<Table extends MethodTable> implements Disposable {
  readonly #options: RpcServerOptions<Table>;
  readonly #known = new Set<string>();
  readonly #sessions = new Map<string, RpcSession>();
  readonly #links = new Set<FrameLink>();

  constructor(options: RpcServerOptions<Table>) {
    this.#options = options;
  }

  /** Serves one window until its link closes. The link may carry its first frame at any time. */
  accept(link: FrameLink): void {
    let session: RpcSession | undefined;
    this.#links.add(link);
    link.onClosed(() => {
      this.#links.delete(link);
      this.#forget(session);
    });
    link.onDrained(() => session?.flush());
    link.onFrame((frame) => {
      try {
        if (session === undefined) session = this.#greet(link, frame);
        else session.receive(frame);
      } catch (error) {
        const { code, message } = toAppError(error, 'rpc-server');
        this.#options.log('warning', 'rpc-link-refused', { code, message });
        link.close(message);
      }
    });
  }

  /** Closes every link; what was under way is cancelled. */
  dispose(): void {
    for (const link of this.#links) link.close('the core is closing');
  }

  #greet(link: FrameLink, frame: string | Uint8Array): RpcSession | undefined {
    if (typeof frame !== 'string') throw violation('data frame before hello');
    const { version, table, handlers, log } = this.#options;
    const theirs = versionOfHello(frame);
    if (theirs !== undefined && theirs !== version) {
      const error = versionMismatch(version, theirs);
      log('warning', 'rpc-version-refused', { ours: version, theirs });
      link.send(encodeFrame(refusal(error.toShape())));
      link.close(error.message);
      return undefined;
    }
    const hello = decodeClientFrame(frame);
    if (hello.type !== 'hello') throw violation(`${hello.type} frame before hello`);
    const { rendererId } = hello;
    // The window knows before we do that its old link is dead.
    this.#sessions.get(rendererId)?.close('replaced by a newer link of the same window');
    const session = new RpcSession({ link, table, handlers, rendererId, log });
    this.#sessions.set(rendererId, session);
    link.send(encodeFrame({ type: 'welcome', version, isResumed: this.#known.has(rendererId) }));
    this.#remember(rendererId);
    return session;
  }

  #remember(rendererId: string): void {
    this.#known.delete(rendererId);
    this.#known.add(rendererId);
    for (const oldest of this.#known) {
      if (this.#known.size <= rememberedWindows) return;
      this.#known.delete(oldest);
    }
  }

  #forget(session: RpcSession | undefined): void {
    if (session === undefined) return;
    session.end();
    if (this.#sessions.get(session.rendererId) === session) this.#sessions.delete(session.rendererId);
  }
}

function versionMismatch(ours: number, theirs: number): AppError<'rpc.version-mismatch'> {
  const words = `this window speaks version ${theirs} of the contract, the running core speaks version ${ours}`;
  return new AppError('rpc.version-mismatch', `${words}: reload the window, or restart Wheelhouse after an update`, {
    ours,
    theirs,
  });
}
