import type { Context, ErrorHandler } from 'hono';
import { asAppError, type ErrorCode } from '../domain/app-error.ts';

type ProblemStatus = 400 | 401 | 403 | 404 | 409 | 429 | 500 | 503;

/** The one table from our codes to HTTP. `tampered` is our own trouble, not the caller's. */
const STATUS: Readonly<Record<ErrorCode, ProblemStatus>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  throttled: 429,
  unavailable: 503,
  tampered: 500,
  internal: 500,
};

export function statusOf(code: ErrorCode): ProblemStatus {
  return STATUS[code];
}

/** The last resort of a listener: any thrown value as an answer that holds its reason word and our own sentence, never a cause. */
export function onProblem(report: (error: unknown) => void): ErrorHandler {
  return (thrown, c) => {
    const error = asAppError(thrown);
    if (error.code === 'internal') report(thrown);
    return problem(c, statusOf(error.code), error.reason, error.message);
  };
}

/** An answer in the form of RFC 9457. */
export function problem(
  c: Context,
  status: ProblemStatus | 413 | 415,
  reason: string,
  detail: string,
): Response {
  return c.body(JSON.stringify({ status, reason, detail }), status, {
    'content-type': 'application/problem+json',
  });
}
