import type { TraceCode } from './trace.ts';

type Plain = Exclude<TraceCode, `${string} ${string}`>;

/** PowerShell takes these without quotes. */
const PLAIN_IDENTITY = /^[\w.+@-]+$/;

/** What a code means to the administrator or the organiser, and what helps where something does. */
const WORDS: Readonly<Record<Plain, string>> = {
  DECORATED: 'join details were written into the invitation',
  OWN_ECHO: 'our own write came back',
  WRITE_RACED: 'somebody changed the event meanwhile; it was read and decided again',
  LISTED: 'the meeting stands in the list',
  UNCHANGED: 'nothing that shows has changed',
  WITHDRAWN: 'the meeting was taken out of the list',
  NEVER_LISTED: 'the meeting never stood in the list',
  NO_JOIN_TARGET: 'nothing in the invitation says how to join',
  // The room's own address stands in place of the word.
  BODY_STRIPPED:
    'the room deletes the text of its invitations, and the organiser is not enabled here, so that nobody knows how to join. The Exchange administrator runs "Set-CalendarProcessing -Identity ROOM -DeleteComments $false -DeleteSubject $false -AddOrganizerToSubject $false", which counts for invitations from then on',
  NO_PERSONAL_ROOM: 'the organiser has no personal room; Control Hub gives one',
  NOT_ORGANIZER: 'only the organiser’s keyword counts',
  PAST: 'it is over',
  DRAFT: 'it was not sent yet',
  CANCELLED: 'the organiser cancelled it',
  DECLINED: 'the owner of the mailbox declined it',
  DELETED: 'it was deleted from the calendar',
  OUT_OF_WINDOW: 'it lies outside the days that the list holds',
  IN_SERIES: 'the keyword of the whole series counts',
  EXISTING_TARGET_KEPT:
    'another provider’s link or address stands in the invitation, and scheduling.existing_target keeps that',
  RECURRENCE_NOT_EXPRESSIBLE: 'Webex can’t repeat a meeting in this way: the personal room serves',
  LONGER_THAN_A_DAY: 'Webex makes no meetings of more than a day; "@webex:myroom" works',
  MEETING_LIMIT_REACHED: 'Webex makes no more meetings today; it comes again when it does',
  HOST_REFUSED: 'Webex does not let the service app schedule for this person: check licence and site',
  SPACE_REFUSED: 'Webex does not let the service app make spaces: check its scopes (spark:rooms_write)',
  MEETING_REFUSED: 'Webex did not take the meeting',
  MEETING_MADE_ANEW: 'the meeting was gone at Webex; another one took its place',
  MEETING_CHANGED: 'the meeting at Webex followed the event',
  OCCURRENCES_CARRIED: 'occurrences at Webex followed those that were moved or cancelled by themselves',
  OCCURRENCE_REFUSED:
    'Webex did not take that an occurrence was moved or cancelled; it is asked again with the next change',
  PEOPLE_NOT_INVITED:
    'Webex did not take some of the invited into the meeting; they join by the invitation all the same',
  SPACE_TOO_LARGE: 'more than 120 people are enabled: too many for a space; "@webex:myroom" works',
  SPACE_PEOPLE_LEFT_OUT:
    'some of the invited are not in the space: they are not enabled, or a distribution list, which is never expanded. Add them in Webex',
  SPACE_FOR_TWO_MADE: 'a new space was made for two people: theirs is not visible to the appliance',
  ARRANGEMENT_ENDED: 'our address is gone from the invitation: what was arranged for it ends',
  LEFT_AT_WEBEX:
    'Webex did not let the service app delete what was made for it: check its scopes; it is tried again',
  UNDECORATED: 'the keyword stands as it was typed, and is left alone until it is typed anew',
  MODIFIER_UNKNOWN: 'there is no such modifier: did you mean :myroom, :space or :onetime?',
  UNPARSABLE_EVENT: 'Microsoft 365 gave an event that can’t be read',
  TARGET_CHANGED: 'Webex does not lead there any more; the invitation gets the present way to join',
  REMINDED: 'the Join button was told to Webex',
  REMINDER_WITHDRAWN: 'the Join button was taken back',
  REMINDER_TOO_LATE: 'the meeting was over before Webex could be reached: no Join button came up',
  DELIVERED: 'Webex has it',
  KEY_LOST: 'the KMS does not give out its key any more: it is read anew, under a new one',
  DELIVERY_FENCED: 'Webex had a newer version already',
};

/** Those whose further words say the rest. */
const FAMILIES: readonly (readonly [string, string])[] = [
  ['JOIN_TARGET ', 'the Join button leads there: provider, where it stood, why it won'],
  ['JOIN_LOSER ', 'another way to join that lost'],
  ['JOIN_IGNORED ', 'a link that is none to join by'],
  ['MAILS ', 'so many mails about our write were sent by Exchange'],
];

/** A code in words, for the mailbox of this address; empty for one of another version. */
export function traceWords(code: string, address: string): string {
  if (Object.hasOwn(WORDS, code)) return WORDS[code as Plain].replace('ROOM', () => identity(address));
  return FAMILIES.find(([start]) => code.startsWith(start))?.[1] ?? '';
}

function identity(address: string): string {
  return PLAIN_IDENTITY.test(address) ? address : `'${address.replaceAll("'", "''")}'`;
}
