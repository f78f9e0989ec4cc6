/** Something that must be ended by whoever holds it. Ending it twice is harmless. */
export interface Disposable {
  dispose(): void;
}
