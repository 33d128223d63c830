import type { JoinDetails, PhoneNumber } from './join-block/join-details.ts';
import type { Arrangement } from './keyword.ts';
import type { PersonalRoom } from './ports.ts';
import type { Telephony, WebexMeeting } from './scheduling-ports.ts';

/** What was arranged in Webex for a keyword: ids only; outlives the sealed meeting (design D3). */
export interface ArrangementRow {
  readonly mailboxId: number;
  readonly eventId: string;
  /** The master of an exception; null for all other events. */
  readonly seriesId: string | null;
  readonly kind: Arrangement;
  readonly state: ArrangementState;
  /** Random id that the event's extended property carries; also the tag of what is made in Webex. */
  readonly mark: string;
  /** Null for a personal room, and while nothing is made. */
  readonly webexMeetingId: string | null;
  /** UUID of the space that was made for it. */
  readonly spaceId: string | null;
  /** Keyed hash of what was asked of Webex: another one means that the meeting has to follow the event. */
  readonly askedHash: Uint8Array | null;
  /** URI of the key of that hash: a new key of the mailbox must not look like a changed event. */
  readonly askedKey: string | null;
  /** Keyed hashes, under the same key and one behind the other, of the addresses that were invited at Webex. */
  readonly invited: Uint8Array | null;
  /** Occurrences of the meeting that differ from their series, as Webex was told (series-deviations.ts); null for none. */
  readonly carried: string | null;
  /**
   * changeKey of our last write: a reading that shows it is our own echo. Null while the first write, or the one that takes
   * everything of ours out, is only intended.
   */
  readonly writtenChangeKey: string | null;
  readonly intendedAt: number;
  readonly writtenAt: number | null;
  /** Null for a series without a known end. */
  readonly endsAt: number | null;
  /** Mails that Exchange sent because of our writes: one to each attendee for each write. */
  readonly mails: number;
}

/**
 * `rewriting`: another meeting was made, which the invitation does not show yet. `ending`: what was made in Webex is to be deleted. `undecorating`: the keyword is to be put back as it was typed.
 * `undecorated`: that was done, and the keyword is left alone until it has been gone once.
 */
export type ArrangementState = 'standing' | 'rewriting' | 'ending' | 'undecorating' | 'undecorated';

/** An arrangement for which something is made in Webex. */
export type OwnArrangement = ArrangementRow & { readonly kind: OwnKind };
export type OwnKind = Exclude<Arrangement, 'personal-room'>;

/** Of an arrangement for which nothing is made in Webex, or nothing is left. */
export const NOTHING_MADE = {
  webexMeetingId: null,
  spaceId: null,
  askedHash: null,
  askedKey: null,
  invited: null,
  carried: null,
} as const;

/** Whether anything in Webex was or may have been made for it alone. */
export function isOfItsOwn(row: ArrangementRow): row is OwnArrangement {
  return row.kind !== 'personal-room';
}

export function detailsOfRoom({ url, sip, meetingNumber, phone }: PersonalRoom): JoinDetails {
  return { link: url, videoAddress: sip, meetingNumber, password: null, ...phoneDetails(phone) };
}

export function detailsOfMeeting({ url, sip, meetingNumber, password, phone }: WebexMeeting): JoinDetails {
  return { link: url, videoAddress: sip, meetingNumber, password, ...phoneDetails(phone) };
}

function phoneDetails(phone: Telephony | null): Pick<JoinDetails, 'phones' | 'accessCode'> {
  const phones = (phone?.numbers ?? []).map(({ label, number }): PhoneNumber => ({ number, place: label }));
  return { phones, accessCode: phone?.accessCode ?? null };
}
