import { type AuditEntry, type AuditHead, entryHash } from './audit.ts';

/** Where a log stops being what was written; null when it is whole. */
export interface AuditFlaw {
  readonly kind: 'changed' | 'gap' | 'cut-at-end';
  /** Number of the row that shows it. */
  readonly seq: number;
}

/** Checks rows in the order they are handed in, page by page: each must follow from the one before. */
export class AuditCheck {
  #seq: number;
  #hash: string;
  #flaw: AuditFlaw | null = null;

  /** `first` and `previous` say where the log, or a stretch of it, begins. */
  constructor(first: number, previous: string) {
    this.#seq = first - 1;
    this.#hash = previous;
  }

  /** Number of the last good row. */
  get seq(): number {
    return this.#seq;
  }

  /** Its hash. */
  get hash(): string {
    return this.#hash;
  }

  /** False from the first flaw on. */
  add(entry: AuditEntry): boolean {
    if (this.#flaw !== null) return false;
    const next = this.#seq + 1;
    if (entry.seq !== next) this.#flaw = { kind: 'gap', seq: next };
    else if (entryHash(next, entry, this.#hash) !== entry.hash) this.#flaw = { kind: 'changed', seq: next };
    if (this.#flaw !== null) return false;
    this.#seq = next;
    this.#hash = entry.hash;
    return true;
  }

  /** The first flaw. A signed head tells what the last row must have been; without one a cut at the end can't be seen. */
  flaw(head: Pick<AuditHead, 'last' | 'hash'> | null): AuditFlaw | null {
    if (this.#flaw !== null || head === null) return this.#flaw;
    if (this.#seq < head.last) return { kind: 'cut-at-end', seq: this.#seq + 1 };
    return this.#hash === head.hash && this.#seq === head.last ? null : { kind: 'changed', seq: head.last };
  }
}
