import { StringDecoder } from 'node:string_decoder';

/** Collects both output streams of a process up to a common limit. */
export class CapturedOutput {
  readonly #stdout: Buffer[] = [];
  readonly #stderr: Buffer[] = [];
  #bytes = 0;
  readonly #maxBytes: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Returns false when the limit was passed; the chunk is dropped then. */
  add(stream: 'stdout' | 'stderr', chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) return false;
    (stream === 'stdout' ? this.#stdout : this.#stderr).push(chunk);
    return true;
  }

  /** What came so far, as text; bytes that are not UTF-8 become U+FFFD. */
  text(stream: 'stdout' | 'stderr'): string {
    return Buffer.concat(stream === 'stdout' ? this.#stdout : this.#stderr).toString('utf8');
  }
}

/** A line longer than this is handed on in pieces: a process that never ends its line must not fill the memory. */
const maxLineLength = 64 * 1024;

/** Turns chunks of bytes into lines without their ends. */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onLine: (line: string) => void;
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  add(chunk: Buffer): void {
    this.#rest += this.#decoder.write(chunk);
    let end = this.#rest.indexOf('\n');
    let start = 0;
    for (; end >= 0; end = this.#rest.indexOf('\n', start)) {
      const line = this.#rest.slice(start, end);
      start = end + 1;
      this.#onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    }
    this.#rest = this.#rest.slice(start);
    while (this.#rest.length > maxLineLength) {
      this.#onLine(this.#rest.slice(0, maxLineLength));
      this.#rest = this.#rest.slice(maxLineLength);
    }
  }

  /** The last line may lack its end. */
  finish(): void {
    const line = this.#rest + this.#decoder.end();
    this.#rest = '';
    if (line !== '') this.#onLine(line);
  }
}
