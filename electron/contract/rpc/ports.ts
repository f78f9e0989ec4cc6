import type { Disposable } from '../disposable.ts';
import type { FrameOf, InputOf, MethodTable, NamesOf, OutputOf, ParsedInputOf } from './shapes.ts';

/** The two hosts differ only here: a MessagePort under Electron, a WebSocket under Node, a pair of queues in tests. */
export interface FrameLink {
  /** Text frames are JSON, binary frames are channel bytes. Throws when the link is closed. */
  send(frame: string | Uint8Array): void;
  onFrame(listener: (frame: string | Uint8Array) => void): Disposable;
  /** Told once. */
  onClosed(listener: (reason: string) => void): Disposable;
  close(reason: string): void;
  /** Bytes handed to `send` that have not left yet; 0 where the platform does not tell. Streams hold their frame back while it is high. */
  readonly bufferedBytes: number;
  /** Told when `bufferedBytes` has fallen again. */
  onDrained(listener: () => void): Disposable;
}

/** Bytes with credit: the writer waits for room, the reader gives room back after it has consumed. */
export interface ByteChannel {
  /** Resolves when the chunk was accepted within the other side's credit. Rejects with `rpc.disconnected` after the end. */
  write(chunk: Uint8Array): Promise<void>;
  /** One reader. `consumed` must be called once for each chunk, else the sender stops. */
  onChunk(listener: (chunk: Uint8Array, consumed: () => void) => void): Disposable;
  /** Told once, when either side or the link has ended; with the error if it was one. */
  onClosed(listener: (error?: Error) => void): Disposable;
  close(): void;
}

/** The calling side. */
export interface RpcClient<Table extends MethodTable> {
  request<Name extends NamesOf<Table, 'request'>>(
    name: Name,
    input: InputOf<Table, Name>,
    signal?: AbortSignal,
  ): Promise<OutputOf<Table, Name>>;
  /** Frames until disposed; goes on after a reconnect, beginning again with a first frame. `onError` is told of an error that ended it. */
  stream<Name extends NamesOf<Table, 'stream'>>(
    name: Name,
    input: InputOf<Table, Name>,
    onFrame: (frame: FrameOf<Table, Name>) => void,
    onError?: (error: Error) => void,
  ): Disposable;
  channel<Name extends NamesOf<Table, 'channel'>>(
    name: Name,
    input: InputOf<Table, Name>,
    signal?: AbortSignal,
  ): Promise<ByteChannel>;
}

/** What a handler is told about its call. */
export interface CallContext {
  /** Aborted by the caller's cancel frame and by the end of the link. */
  readonly signal: AbortSignal;
  /** The window that calls; the same after a reconnect. */
  readonly rendererId: string;
}

/** The answering side: one handler for each entry of the table. */
export type RpcHandlers<Table extends MethodTable> = {
  readonly [Name in keyof Table]: Table[Name]['shape'] extends 'request'
    ? (input: ParsedInputOf<Table, Name>, context: CallContext) => Promise<OutputOf<Table, Name>>
    : Table[Name]['shape'] extends 'stream'
      ? /** Calls `send` for each frame, the first at once; the returned Disposable is disposed at the end. */ (
          input: ParsedInputOf<Table, Name>,
          send: (frame: FrameOf<Table, Name>) => void,
          context: CallContext,
        ) => Disposable
      : (input: ParsedInputOf<Table, Name>, context: CallContext) => Promise<ByteChannel>;
};
