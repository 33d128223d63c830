import type { UpstreamAnswer, UpstreamChange } from './event-facts.ts';
import type { Metrics } from './metrics.ts';
import type { Say } from './say.ts';

/** What happens between the appliance and its upstreams. */
export interface UpstreamEvents {
  upstreamAnswered(answer: UpstreamAnswer): void;
  upstreamPaused(change: UpstreamChange): void;
  upstreamBack(change: UpstreamChange): void;
  /** The event WebSocket could not be opened or kept; it is tried again. */
  eventStreamLost(reason: string): void;
  /** Webex gave no new token, or did not tell when the present one ends; it is asked again. */
  webexTokenFailed(reason: string): void;
}

/** A class of statuses as a label: `2xx`; `none` without an answer. */
const classOf = (status: number | null): string =>
  status === null ? 'none' : `${Math.floor(status / 100)}xx`;

/** Only where there is one. */
export const tracked = (trackingId: string | undefined): object =>
  trackingId === undefined ? {} : { trackingId };

export function upstreamEvents(say: Say, metrics: Metrics): UpstreamEvents {
  return {
    upstreamAnswered: ({ upstream, status, durationMs }) => {
      metrics.upstreamRequests.inc({ upstream, code_class: classOf(status) });
      metrics.upstreamSeconds.observe({ upstream }, durationMs / 1000);
      say('debug', 'upstream.answered', 'upstream answered', { upstream, status, durationMs });
    },
    upstreamPaused: ({ upstream, reason, trackingId }) => {
      metrics.upstreamPauses.inc({ upstream });
      say('warn', 'upstream.paused', 'upstream paused', { upstream, reason, ...tracked(trackingId) });
    },
    upstreamBack: ({ upstream, reason }) => {
      say('info', 'upstream.back', 'upstream is back', { upstream, reason });
    },
    webexTokenFailed: (reason) =>
      say('warn', 'webex.token_failed', 'no new token from Webex; it is asked again', { reason }),
    eventStreamLost: (reason) => {
      metrics.streamFailures.inc();
      say('warn', 'stream.lost', 'event WebSocket is not open; it is tried again', { reason });
    },
  };
}
