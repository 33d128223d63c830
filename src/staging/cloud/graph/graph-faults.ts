import { z } from 'zod';
import { GraphRefusal } from './graph-refusal.ts';

export const GRAPH_FAULT = z.strictObject({
  /** Source of a regular expression over the path, `/v1.0/…` included. Without it any path. */
  path: z.string().optional(),
  method: z.string().toUpperCase().optional(),
  status: z.int().min(400).max(599),
  /** Sent as it is: seconds, fractions of them or a date. */
  retryAfter: z.union([z.string(), z.number()]).optional(),
  /** How many calls it hits. */
  times: z.int().min(1).default(1),
});
export type GraphFault = z.infer<typeof GRAPH_FAULT>;

const CODES: Readonly<Record<number, string>> = {
  401: 'InvalidAuthenticationToken',
  403: 'ErrorAccessDenied',
  404: 'ErrorItemNotFound',
  409: 'ErrorIrresolvableConflict',
  410: 'SyncStateNotFound',
  412: 'ErrorIrresolvableConflict',
  429: 'TooManyRequests',
  500: 'ErrorInternalServerError',
  503: 'ErrorServerBusy',
  507: 'ErrorQuotaExceeded',
};

/** Errors that were ordered for the next calls. Not kept over a restart. */
export class GraphFaults {
  #ordered: { readonly fault: GraphFault; left: number }[] = [];

  order(fault: GraphFault): void {
    this.#ordered.push({ fault, left: fault.times });
  }

  clear(): void {
    this.#ordered = [];
  }

  /** Throws the first ordered error that matches, and counts it. */
  strike(method: string, path: string): void {
    const hit = this.#ordered.find(({ fault }) => matches(fault, method, path));
    if (hit === undefined) return;
    hit.left -= 1;
    this.#ordered = this.#ordered.filter(({ left }) => left > 0);
    const { status, retryAfter } = hit.fault;
    const headers: Record<string, string> =
      retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) };
    // Any HTTP error can be ordered; the framework's type only lists the registered ones.
    const refusal = new GraphRefusal(status as 503, CODES[status] ?? 'UnknownError', 'Ordered for a test.', {
      headers,
    });
    throw refusal;
  }
}

function matches(fault: GraphFault, method: string, path: string): boolean {
  return (
    (fault.method ?? method) === method && (fault.path === undefined || new RegExp(fault.path).test(path))
  );
}
