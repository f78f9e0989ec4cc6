/** One visible line of a tree. The owner flattens its tree and keeps what is open. */
export interface TreeRow {
  /** Unique in the tree; the same thing under two parents has two keys. */
  readonly key: string;
  /** 1 for the top. */
  readonly level: number;
  readonly isExpandable: boolean;
  readonly isExpanded: boolean;
  readonly positionInSet: number;
  readonly setSize: number;
}
