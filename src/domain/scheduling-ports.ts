import type { Deviation } from './series-deviations.ts';

/** What `sync` arranges in Webex for a keyword; implemented by the adapters of `webex`. */

/** What is asked of Webex for a meeting; made by `domain/meeting-request.ts`, which decides what may leave in clear. */
export interface MeetingRequest {
  /** Idempotency key: Webex finds the meeting again by it. */
  readonly tag: string;
  readonly hostAddress: string;
  /** UUID of the space that the meeting belongs to; null for none. */
  readonly spaceId: string | null;
  readonly title: string;
  /** Addresses. */
  readonly invitees: readonly string[];
  /** Epoch milliseconds, whole minutes. */
  readonly startAt: number;
  readonly endAt: number;
  /** IANA zone. */
  readonly zone: string;
  /** RFC 2445; null for a meeting that does not recur. */
  readonly rule: string | null;
}

/** A meeting that exists in Webex, with all that one joins by. Sensitive, but for its id. */
export interface WebexMeeting {
  /** Opaque; outlives every change of the meeting. */
  readonly id: string;
  /** `https://<site>/<site>/j.php?MTID=…` */
  readonly url: string;
  /** `<number>@<site>` */
  readonly sip: string | null;
  readonly meetingNumber: string | null;
  readonly password: string | null;
  /** The password as digits, for telephones and video systems. */
  readonly numericPassword: string | null;
  /** Null when one can't join by telephone. */
  readonly phone: Telephony | null;
}

/** How one joins by telephone. */
export interface Telephony {
  readonly accessCode: string;
  /** `label` says where the number is, in Webex's words. */
  readonly numbers: readonly { readonly label: string; readonly number: string }[];
}

/** Why Webex makes or changes no meeting. None of these is helped by trying again at once. */
export type MeetingObstacle =
  /** As many meetings as Webex makes in a day for this host, or for all; epoch milliseconds from when on it makes more. */
  | { readonly kind: 'limit-reached'; readonly until: number }
  /** Webex knows no such host, or the service app may not schedule for them. */
  | { readonly kind: 'host-refused' }
  /** The service app may make no spaces. */
  | { readonly kind: 'space-refused' }
  /** Webex does not take this meeting, e.g. since its time has passed meanwhile. */
  | { readonly kind: 'meeting-refused' };

/** Somebody whom Webex holds as invited to a meeting. */
export interface Invitee {
  readonly id: string;
  /** Address, as Webex writes it. */
  readonly email: string;
}

/** `found`: an earlier call had made it, whose answer was lost. */
export type MeetingCreation =
  | { readonly kind: 'made' | 'found'; readonly meeting: WebexMeeting }
  | MeetingObstacle;

export type MeetingChange =
  | { readonly kind: 'changed'; readonly meeting: WebexMeeting }
  /** It was deleted at Webex. */
  | { readonly kind: 'gone' }
  | MeetingObstacle;

/**
 * `deleted`: also what was gone already. `refused`: the service app may not, for want of a scope or since it may not act for this
 * host any more.
 */
export type Deletion = 'deleted' | 'refused';

/** Meetings of the public Webex REST API. Throws AppError (upstream `webex`). */
export interface WebexMeetings {
  /** Never makes a second meeting for a tag, however often it is called, as long as the calls follow one another. */
  create(request: MeetingRequest): Promise<MeetingCreation>;
  /** Gives the meeting all that the request says, but for those who are invited. */
  change(id: string, request: MeetingRequest): Promise<MeetingChange>;
  /** Nobody gets a mail. `hostAddress` is null for the meetings of spaces. */
  delete(id: string, hostAddress: string | null): Promise<Deletion>;
  /** Everybody who is invited to a meeting of this host; nobody where there is no such meeting. */
  invitees(id: string, hostAddress: string): Promise<readonly Invitee[]>;
  /** Invites people who are not invited yet. Nobody gets a mail. Returns those whom Webex does not take. */
  invite(id: string, hostAddress: string, addresses: readonly string[]): Promise<readonly string[]>;
  /** Who is not invited any more stays so. Nobody gets a mail. */
  uninvite(inviteeId: string, hostAddress: string): Promise<void>;
  /** Holds one occurrence of a series at another time or not at all; one that Webex does not have stays away. Nobody gets a mail. */
  carry(seriesId: string, deviation: Deviation, hostAddress: string | null): Promise<'carried' | 'refused'>;
  /** Id of the meeting with this tag; null when there is none. */
  find(tag: string, hostAddress: string | null): Promise<string | null>;
  /** Null when there is no such meeting any more. */
  get(id: string, hostAddress: string | null): Promise<WebexMeeting | null>;
  /** The meeting that is reached under a number now; null when there is none of this host. */
  atNumber(meetingNumber: string, hostAddress: string | null): Promise<WebexMeeting | null>;
}

/** Group spaces that the service app owns. Throws AppError (upstream `webex`). */
export interface WebexSpaces {
  /**
   * UUID of the space with this mark, which is made when there is none; null when the service app may make none. `intendedAt`: epoch
   * milliseconds before the first try.
   */
  create(mark: string, title: string, intendedAt: number): Promise<string | null>;
  /** UUID of the space with this mark; null when there is none. */
  find(mark: string, intendedAt: number): Promise<string | null>;
  /** Adds people by their UUIDs; who is in already stays. Returns those whom Webex does not take. */
  addMembers(spaceId: string, personIds: readonly string[]): Promise<readonly string[]>;
  delete(spaceId: string): Promise<Deletion>;
}
