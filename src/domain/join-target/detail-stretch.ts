import type { Candidate } from './candidates.ts';
import type { Invitation } from './invitation.ts';
import { meetingKey } from './same-meeting.ts';

/** The part of a body that speaks of one meeting. */
export interface Stretch {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** Where the meeting is named. */
  readonly anchor: number;
}

/** What belongs to a meeting stands near its link; a whole book behind it is not read. */
const BEFORE = 4000;
const BEHIND = 12_000;

/** What speaks of the winner: the text of the place that it stands in, and the part of a body. */
export function detailStretches(
  best: Candidate,
  invitation: Invitation,
  candidates: readonly Candidate[],
): Stretch[] {
  const field = best.field !== null && /\s/.test(best.field.trim()) ? [whole(best.field)] : [];
  const body = bodyStretch(best, invitation, candidates);
  return body === null ? field : [...field, body];
}

/**
 * From where the meeting is first named to where another one is; the lines above it too when it is the first one. Null when no
 * body speaks of it.
 */
function bodyStretch(
  best: Candidate,
  { bodies }: Invitation,
  candidates: readonly Candidate[],
): Stretch | null {
  const links = candidates.filter((one) => one.body >= 0 && one.url !== null);
  const anchor = best.body >= 0 ? best : anchorOf(best, links);
  const [first] = bodies;
  if (anchor === null) return links.length > 0 || first === undefined ? null : whole(first.text);
  const text = bodies[anchor.body]?.text ?? '';
  const others = links.filter((one) => one.body === anchor.body && meetingKey(one) !== meetingKey(anchor));
  const after = others.find((one) => one.at > anchor.at && one.provider !== 'sip');
  const isFirst = !others.some((one) => one.at < anchor.at);
  const from = isFirst ? Math.max(0, anchor.at - BEFORE) : anchor.at;
  const to = Math.min(after?.at ?? text.length, anchor.at + BEHIND);
  return { text, from, to, anchor: anchor.at };
}

/** The same meeting in a body, or one of the same provider: a calendar may know its link in another form. */
function anchorOf(best: Candidate, links: readonly Candidate[]): Candidate | null {
  const key = meetingKey(best);
  const same = links.find((one) => meetingKey(one) === key);
  return same ?? links.find((one) => one.provider === best.provider) ?? null;
}

function whole(text: string): Stretch {
  return { text, from: 0, to: Math.min(text.length, BEHIND), anchor: 0 };
}
