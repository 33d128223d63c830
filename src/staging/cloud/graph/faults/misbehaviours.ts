import { createHash } from 'node:crypto';
import type { Disk, Table } from '../../disk.ts';
import type { Kind, Misbehaviour } from './misbehaviour.ts';

/** One order with its history. */
export interface Ordered {
  readonly id: string;
  readonly order: Misbehaviour;
  /** Opportunities it had so far. */
  readonly met: number;
  /** How often it took them. */
  readonly struck: number;
}

/** What an opportunity is about; a member that is absent matches every order. */
export interface Opportunity {
  readonly app?: 'appliance' | 'outlook';
  /** GUID; null where no mailbox is concerned. */
  readonly mailbox?: string | null;
  readonly method?: string;
  readonly path?: string;
}

type OfKind<K extends Kind> = Extract<Misbehaviour, { kind: K }>;

/**
 * What was ordered to go wrong, kept over restarts. Each order has its own sequence of chances, made from the seed and its
 * number: the same orders and the same calls give the same run, whatever else is going wrong.
 */
export class Misbehaviours {
  readonly #table: Table<Ordered>;
  readonly #settings: Table<number>;

  constructor(disk: Disk) {
    this.#table = disk.table('graph-misbehaviours');
    this.#settings = disk.table('graph-misbehaviour-settings');
  }

  get seed(): number {
    return this.#settings.get('seed') ?? 1;
  }

  /** Begins all sequences anew. */
  set seed(seed: number) {
    this.#settings.put('seed', seed);
    for (const one of this.#table.all()) this.#table.put(one.id, { ...one, met: 0, struck: 0 });
  }

  all(): readonly Ordered[] {
    return this.#table.all();
  }

  /** Returns the order's number, by which it can be taken back. */
  order(order: Misbehaviour): string {
    const last = (this.#settings.get('last') ?? 0) + 1;
    this.#settings.put('last', last);
    const id = String(last);
    this.#table.put(id, { id, order, met: 0, struck: 0 });
    return id;
  }

  /** False when there is no such order. */
  takeBack(id: string): boolean {
    const known = this.#table.get(id) !== undefined;
    if (known) this.#table.delete(id);
    return known;
  }

  clear(): void {
    for (const { id } of this.#table.all()) this.#table.delete(id);
  }

  /** The first order of this kind, and to the caller's taste, that takes the opportunity; null when none does. */
  strike<K extends Kind>(
    kind: K,
    opportunity: Opportunity,
    suits: (order: OfKind<K>) => boolean = () => true,
  ): OfKind<K> | null {
    for (const one of this.#ofKind(kind, opportunity).filter(({ order }) => suits(order))) {
      const struck = this.#chance(`${one.id}/${one.met}`) < one.order.probability;
      this.#table.put(one.id, { ...one, met: one.met + 1, struck: one.struck + Number(struck) });
      if (struck) return one.order;
    }
    return null;
  }

  /** As `strike`, but the same key always gets the same answer, and nothing is counted. `times` does not matter. */
  strikeAlways<K extends Kind>(kind: K, opportunity: Opportunity, key: string): OfKind<K> | null {
    const hit = this.#ofKind(kind, opportunity).find(
      ({ id, order }) => this.#chance(`${id}/${key}`) < order.probability,
    );
    return hit?.order ?? null;
  }

  #ofKind<K extends Kind>(kind: K, opportunity: Opportunity): (Ordered & { readonly order: OfKind<K> })[] {
    if (this.#table.size === 0) return [];
    const isKind = (one: Ordered): one is Ordered & { readonly order: OfKind<K> } => one.order.kind === kind;
    return this.#table
      .all()
      .filter(isKind)
      .filter((one) => applies(one, opportunity));
  }

  #chance(key: string): number {
    const digest = createHash('sha256').update(`${this.seed}/${key}`).digest();
    return digest.readUInt32BE(0) / 2 ** 32;
  }
}

function applies({ order, struck }: Ordered, { app, mailbox, method, path }: Opportunity): boolean {
  if (order.times !== undefined && struck >= order.times) return false;
  if (app !== undefined && order.app !== 'any' && order.app !== app) return false;
  if (mailbox !== undefined && order.mailbox !== undefined && order.mailbox !== mailbox) return false;
  if (!('method' in order || 'path' in order)) return true;
  if (method !== undefined && order.method !== undefined && order.method !== method) return false;
  return path === undefined || order.path === undefined || new RegExp(order.path).test(path);
}
