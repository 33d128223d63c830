import { AppError, type ErrorCode, type Upstream } from '../domain/app-error.ts';

const TLS_CODES =
  /^(ERR_TLS_|ERR_SSL_|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO$)/;

/** An AppError about a whole upstream; `word` is the tail of its reason (`GRAPH_` + `TIMEOUT`). */
export function upstreamFault(
  upstream: Upstream,
  word: string,
  message: string,
  facts: { readonly code?: ErrorCode; readonly cause?: unknown } = {},
): AppError {
  const { code = 'unavailable', cause } = facts;
  const reason = `${upstream.toUpperCase()}_${word}`;
  return new AppError({ code, reason, message, scope: 'upstream', upstream, cause });
}

/** Translates whatever undici, TLS or the deadline threw. The foreign error is kept as cause and never quoted. */
export function translateFault(upstream: Upstream, thrown: unknown, callerAborted: boolean): AppError {
  if (thrown instanceof AppError) return thrown;
  if (callerAborted) return aborted(upstream, thrown);
  const codes = codesOf(thrown);
  if (codes.some((code) => TLS_CODES.test(code))) {
    const message = `The TLS certificate or protocol of the ${upstream} service can't be trusted: check its ca_file and a proxy between.`;
    return upstreamFault(upstream, 'TLS', message, { cause: thrown });
  }
  if (
    codes.some((code) => code.endsWith('TimeoutError') || code.includes('TIMEOUT') || code === 'ETIMEDOUT')
  ) {
    return upstreamFault(upstream, 'TIMEOUT', `The ${upstream} service did not answer in time.`, {
      cause: thrown,
    });
  }
  const message = `The ${upstream} service can't be reached: check name resolution, network and proxy.`;
  return upstreamFault(upstream, 'UNREACHABLE', message, { cause: thrown });
}

/** True for a connection that died before any answer, e.g. a keep-alive socket that the server closed at that moment. */
export function diedUnanswered(thrown: unknown): boolean {
  return codesOf(thrown).some(
    (code) => code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE',
  );
}

/** The caller gave up (shutdown): says nothing about the upstream. */
function aborted(upstream: Upstream, cause: unknown): AppError {
  return new AppError({
    code: 'unavailable',
    reason: 'ABORTED',
    message: 'The call was given up because the appliance is stopping.',
    scope: 'job',
    upstream,
    cause,
  });
}

/** Names and codes along the chain of causes, and of each part of an AggregateError (several addresses tried). */
function codesOf(thrown: unknown, depth = 0): string[] {
  if (!(thrown instanceof Error) || depth > 4) return [];
  const code = 'code' in thrown && typeof thrown.code === 'string' ? [thrown.code] : [];
  const parts: unknown[] = thrown instanceof AggregateError ? thrown.errors : [];
  return [thrown.name, ...code, ...[thrown.cause, ...parts].flatMap((part) => codesOf(part, depth + 1))];
}
