/** Why something did or did not happen: one catalogue of codes (design D14). */
export type TraceCode =
  | 'DECORATED'
  | 'OWN_ECHO'
  | 'WRITE_RACED'
  | 'LISTED'
  | 'UNCHANGED'
  | 'WITHDRAWN'
  | 'NEVER_LISTED'
  | 'NO_JOIN_TARGET'
  | `JOIN_TARGET ${string}`
  | `JOIN_LOSER ${string}`
  | `JOIN_IGNORED ${string}`
  | 'BODY_STRIPPED'
  | 'NO_PERSONAL_ROOM'
  | 'NOT_ORGANIZER'
  | 'PAST'
  | 'DRAFT'
  | 'CANCELLED'
  | 'DECLINED'
  | 'DELETED'
  | 'OUT_OF_WINDOW'
  | 'IN_SERIES'
  | 'EXISTING_TARGET_KEPT'
  | 'RECURRENCE_NOT_EXPRESSIBLE'
  | 'LONGER_THAN_A_DAY'
  | 'MEETING_LIMIT_REACHED'
  | 'HOST_REFUSED'
  | 'SPACE_REFUSED'
  | 'MEETING_REFUSED'
  | 'MEETING_CHANGED'
  | 'MEETING_MADE_ANEW'
  | 'OCCURRENCES_CARRIED'
  | 'OCCURRENCE_REFUSED'
  | 'PEOPLE_NOT_INVITED'
  | 'SPACE_TOO_LARGE'
  | 'SPACE_PEOPLE_LEFT_OUT'
  | 'SPACE_FOR_TWO_MADE'
  | 'UNDECORATED'
  | `MAILS ${number}`
  | 'ARRANGEMENT_ENDED'
  | 'LEFT_AT_WEBEX'
  | 'MODIFIER_UNKNOWN'
  | 'UNPARSABLE_EVENT'
  | 'TARGET_CHANGED'
  | 'REMINDED'
  | 'REMINDER_WITHDRAWN'
  | 'REMINDER_TOO_LATE'
  | 'DELIVERED'
  | 'KEY_LOST'
  | 'DELIVERY_FENCED';

export interface Trace {
  readonly at: number;
  readonly mailboxId: number;
  readonly eventId: string | null;
  readonly code: TraceCode;
}

/** A trace with the start of the meeting that it is about, where one is or was listed. */
export interface TraceLine extends Trace {
  readonly startAt: number | null;
}
