/** Connections that only broke. */
const BROKEN: ReadonlySet<number> = new Set([1001, 1005, 1006, 1011]);
/** Ends in good order, which can mean anything: the text tells whether the device is still welcome. */
const ORDERLY: ReadonlySet<number> = new Set([1000, 1050]);
const NORMAL_REASONS: ReadonlySet<string> = new Set([
  'idle',
  'done (forced)',
  'pong not received',
  'pong mismatch',
]);
const NOT_AUTHORISED = 4401;

/** How an event WebSocket ended. */
export interface Ending {
  readonly code: number;
  readonly reason: string;
}

/**
 * What to do after a socket ended (reference: webex.md 1.9). `again`: the device is good, connect it again. `fresh-token`: Webex does
 * not take the token. `new-device`: this device is not wanted any more (replaced, refused, or its last message was not
 * understood); connecting it again would only repeat that.
 */
export function afterEnding({ code, reason }: Ending): 'again' | 'fresh-token' | 'new-device' {
  if (BROKEN.has(code)) return 'again';
  if (ORDERLY.has(code) && NORMAL_REASONS.has(reason.trim().toLowerCase())) return 'again';
  return code === NOT_AUTHORISED ? 'fresh-token' : 'new-device';
}
