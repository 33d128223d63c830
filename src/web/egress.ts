import { CLEAR_WORDS } from '../domain/clear-fields.ts';
import type { EgressHost } from '../domain/egress.ts';

/** The hosts for programs: instants in ISO 8601, bytes as counted since the start. */
export function egressDocument(hosts: readonly EgressHost[]): object {
  return {
    hosts: hosts.map(({ upstream, origin, uses, clear, lastUsedAt, bytesOut, bytesIn }) => ({
      upstream,
      origin,
      uses,
      clear: clear.map(({ call, field, switch: name, on }) => ({
        call,
        field,
        holds: CLEAR_WORDS[field],
        switch: name,
        on,
      })),
      lastUsedAt: lastUsedAt === null ? null : new Date(lastUsedAt).toISOString(),
      bytesOut,
      bytesIn,
    })),
  };
}
