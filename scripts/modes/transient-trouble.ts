/** How often each misbehaviour strikes when it can. */
export const SHARE = 0.05;

/** Everything transient that the simulated Graph can be ordered to do wrong (CONTROL.md says what each does). */
export const TRANSIENT: readonly object[] = [
  { kind: 'duplicate', copies: 2 },
  { kind: 'wrong-change-type' },
  { kind: 'reorder' },
  { kind: 'drop' },
  { kind: 'late', delayMs: 3_000 },
  { kind: 'throttle', retryAfter: 0.25 },
  { kind: 'throttle', retryAfter: { dateInS: 1 }, code: 'TooManyRequests', method: 'PATCH' },
  { kind: 'throttle', retryAfter: 'absent', code: 'UnknownError', method: 'POST' },
  { kind: 'throttle', retryAfter: 'garbage', path: '/mailboxSettings$' },
  { kind: 'throttle', retryAfter: 0.1, scope: 'app' },
  { kind: 'server-error', status: 503 },
  { kind: 'server-error', status: 502, body: 'html' },
  { kind: 'server-error', status: 504, body: 'empty', when: 'after' },
  { kind: 'reset' },
  { kind: 'reset', when: 'after' },
  { kind: 'slow-body', overMs: 100 },
  { kind: 'latency', delayMs: 100 },
  { kind: 'stale-read', lagMs: 2_000 },
  { kind: 'rewrite-html', stripClasses: true },
  { kind: 'list-exceptions' },
  { kind: 'delta-gone', when: 'start' },
  { kind: 'delta-gone', when: 'middle', code: 'SyncStateInvalid' },
  { kind: 'empty-page' },
  { kind: 'replay-rows' },
  { kind: 'split-series' },
  { kind: 'master-missing' },
  { kind: 'report-removed' },
].map((order) => ({ ...order, probability: SHARE }));
