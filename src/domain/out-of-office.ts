/** Automatic replies as the mailbox has them; their texts are never read (reference: graph.md 6). */
export interface AutomaticReplies {
  readonly status: 'disabled' | 'alwaysEnabled' | 'scheduled';
  /** Epoch milliseconds; they count only when the status is `scheduled`: stale ones stand there otherwise. */
  readonly startAt: number | null;
  readonly endAt: number | null;
}

export interface OutOfOffice {
  readonly away: boolean;
  /** When it ends by itself; null when nobody knows. */
  readonly until: number | null;
  /** The next instant at which `away` changes without anybody doing anything; null when there is none. */
  readonly nextEdgeAt: number | null;
}

const HERE: OutOfOffice = { away: false, until: null, nextEdgeAt: null };

/** Whether somebody is out of office now. Exchange leaves `scheduled` standing after the end, so the times decide. */
export function outOfOffice(replies: AutomaticReplies, now: number): OutOfOffice {
  if (replies.status === 'alwaysEnabled') return { away: true, until: null, nextEdgeAt: null };
  const { startAt, endAt } = replies;
  if (replies.status === 'disabled' || startAt === null || endAt === null || endAt <= now) return HERE;
  if (startAt > now) return { away: false, until: null, nextEdgeAt: startAt };
  return { away: true, until: endAt, nextEdgeAt: endAt };
}
