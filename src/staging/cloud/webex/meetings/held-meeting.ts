import type { CloudContext } from '../../cloud-context.ts';
import type { Table } from '../../disk.ts';

export interface Invitee {
  readonly email: string;
  readonly displayName?: string | undefined;
  readonly coHost?: boolean | undefined;
}

/** An occurrence that is no longer as the series has it; null once it was deleted. */
export type Exception = { readonly start: number; readonly end: number; readonly title: string } | null;

/** A meeting in Webex' words: a series, with one occurrence when it does not recur. */
export interface HeldMeeting {
  readonly id: string;
  /** UUID of the person who hosts it, or of the service app for meetings of its spaces. */
  readonly hostUserId: string;
  /** Whose tags they are: nobody else finds the meeting by them. */
  readonly madeBy: string;
  readonly meetingNumber: string;
  readonly password: string;
  readonly numericPassword: string;
  readonly hostKey: string;
  /** `MTID` of its link. */
  readonly linkId: string;
  readonly title: string;
  readonly agenda: string | null;
  /** Of the first occurrence, epoch milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly timezone: string;
  /** As it was given; null for a meeting that does not recur. */
  readonly recurrence: string | null;
  /** UUID of its space. */
  readonly roomId: string | null;
  readonly integrationTags: readonly string[];
  readonly invitees: readonly Invitee[];
  /** By the stamp of the start that the series gives them, e.g. `20200516T230000Z`. */
  readonly exceptions: Readonly<Record<string, Exception>>;
  readonly created: number;
}

/** A mail that Webex sent about a meeting. */
export interface Mail {
  readonly at: number;
  readonly meetingId: string;
  readonly about: 'made' | 'changed' | 'deleted';
}

export const meetingTable = (context: CloudContext): Table<HeldMeeting> =>
  context.disk.table<HeldMeeting>('webex-meetings');
export const mailTable = (context: CloudContext): Table<Mail> => context.disk.table<Mail>('webex-mails');
