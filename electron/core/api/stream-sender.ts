/** Above this many unsent bytes on the link, streams hold their frame back and join newer ones to it. */
const busyLinkBytes = 256 * 1024;

/** Where a stream's frames leave. */
export interface StreamExit<Frame> {
  readonly bufferedBytes: () => number;
  readonly squash: (earlier: Frame, later: Frame) => Frame;
  readonly transmit: (frame: Frame) => void;
}

/**
 * Sends one stream's frames with at most one under way and at most one waiting: the window says when it has taken a frame,
 * because a MessagePort does not tell how much it holds. Newer frames are joined to the waiting one.
 */
export class StreamSender<Frame> {
  readonly #exit: StreamExit<Frame>;
  #waiting: { readonly frame: Frame } | undefined;
  #isUnderWay = false;

  constructor(exit: StreamExit<Frame>) {
    this.#exit = exit;
  }

  /** Throws what `squash` and `transmit` throw; the stream must then be ended, for frames are lost. */
  push(frame: Frame): void {
    this.#waiting = this.#waiting === undefined ? { frame } : { frame: this.#exit.squash(this.#waiting.frame, frame) };
    this.flush();
  }

  /** The window has taken the frame that was under way. */
  taken(): void {
    this.#isUnderWay = false;
    this.flush();
  }

  /** Called again when the link has room. */
  flush(): void {
    if (this.#waiting === undefined || this.#isUnderWay || this.#exit.bufferedBytes() > busyLinkBytes) return;
    const { frame } = this.#waiting;
    this.#waiting = undefined;
    this.#isUnderWay = true;
    this.#exit.transmit(frame);
  }
}
