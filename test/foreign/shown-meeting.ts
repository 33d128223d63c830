import type { Json } from '../../scripts/crash/steadfast-outlook.ts';
import type { SteeredInstallation } from '../../scripts/modes/steered-installation.ts';
import type { Account } from '../system/installation.ts';

/** What a stock app shows instead of a field that it can't open. */
export const UNREADABLE = 'This message cannot be decrypted';

/** A meeting item after Cisco's code has opened it: the texts stand where the ciphertexts stood. */
export interface OpenedItem {
  readonly id: string;
  readonly start: string;
  readonly durationMinutes: number;
  readonly isRecurring: boolean;
  readonly hasAttachments: boolean;
  readonly meetingSensitivity: string;
  readonly notesUrl: string;
  readonly participantsUrl: string;
  readonly encryptedSubject?: string;
  readonly encryptedLocation?: string;
  readonly encryptedNotes?: string;
  readonly encryptedOrganizer?: SealedPerson;
  readonly encryptedParticipants: readonly (SealedPerson &
    Readonly<Record<'participantType' | 'responseType', string>>)[];
  readonly meetingJoinInfo?: { readonly meetingJoinURL?: string };
  readonly webexURL?: string;
  readonly spaceMeetURL?: string;
}
interface SealedPerson {
  readonly encryptedName?: string;
  readonly encryptedEmailAddress?: string;
}

/** What a person sees of a meeting, in an app or in a calendar. */
export interface Shown {
  readonly start: string;
  readonly minutes: number;
  readonly isRecurring: boolean;
  readonly hasAttachments: boolean;
  readonly sensitivity: string;
  readonly subject: string;
  readonly location: string;
  /** Its first line. */
  readonly notes: string;
  readonly organizer: string;
  /** Each with name, address, role and answer. */
  readonly participants: readonly string[];
  readonly joinUrl: string;
  /** The same address again where it is Webex's own. */
  readonly webexUrl: string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const SELECTED =
  'subject,start,end,location,body,bodyPreview,organizer,attendees,sensitivity,hasAttachments,type,isCancelled,responseStatus';
const LINK =
  /https:\/\/(?:zoom\.us\/j\/|nordwind\.webex\.com\/(?:meet\/|nordwind\/j\.php\?MTID=))[a-z0-9.-]+/;
const ANSWERS: Readonly<Record<string, string>> = {
  none: 'NO_RESPONSE',
  notResponded: 'NO_RESPONSE',
  organizer: 'ACCEPTED',
  accepted: 'ACCEPTED',
  tentativelyAccepted: 'TENTATIVE',
  declined: 'DECLINED',
};

/** What an opened item shows. */
export function shownBy(item: OpenedItem): Shown {
  const { encryptedOrganizer: organizer = {}, encryptedParticipants: participants } = item;
  return {
    start: item.start,
    minutes: item.durationMinutes,
    isRecurring: item.isRecurring,
    hasAttachments: item.hasAttachments,
    sensitivity: item.meetingSensitivity,
    subject: item.encryptedSubject ?? '',
    location: item.encryptedLocation ?? '',
    notes: firstLine(item.encryptedNotes ?? ''),
    organizer: personText(organizer),
    participants: participants.map((one) => `${personText(one)} ${one.participantType} ${one.responseType}`),
    joinUrl: item.meetingJoinInfo?.meetingJoinURL ?? '',
    webexUrl: item.webexURL ?? item.spaceMeetURL ?? '',
  };
}

/** What the meetings of a calendar have to show, read as its owner's client reads it: from a day before an instant on, for five days. */
export async function toShow(day: SteeredInstallation, account: Account, base: number): Promise<Shown[]> {
  const [from, to] = [base - DAY_MS, base + 4 * DAY_MS].map((at) => new Date(at).toISOString());
  const query = `startDateTime=${from}&endDateTime=${to}&$top=500&$select=${SELECTED}`;
  const { status, json } = await day.graph('GET', `/users/${account.entraId}/calendarView?${query}`);
  if (status !== 200 || json['@odata.nextLink'] !== undefined) throw new Error('the calendar was not read');
  const isRoom = day.installation.facts.rooms.some(({ address }) => address === account.address);
  return json.value
    .filter(({ isCancelled, responseStatus }: Json) => !isCancelled && responseStatus.response !== 'declined')
    .map((event: Json) => (isRoom ? onTheDoor(eventShown(event, account)) : eventShown(event, account)));
}

function eventShown(event: Json, { address }: Account): Shown {
  const [start, end] = [event.start, event.end].map(({ dateTime }) =>
    Date.parse(`${dateTime.slice(0, 19)}Z`),
  );
  const joinUrl = (LINK.exec(event.location.displayName) ?? LINK.exec(event.body.content))?.[0] ?? '';
  const people = event.attendees.map(({ emailAddress, type, status }: Json) => {
    const isSelf = emailAddress.address === address;
    const { response } = isSelf ? event.responseStatus : status;
    return `${emailAddress.name} <${emailAddress.address}> ${type.toUpperCase()} ${ANSWERS[response]}`;
  });
  return {
    start: new Date(start ?? 0).toISOString(),
    minutes: ((end ?? 0) - (start ?? 0)) / MINUTE_MS,
    isRecurring: event.type !== 'singleInstance',
    hasAttachments: event.hasAttachments,
    sensitivity: event.sensitivity.toUpperCase(),
    subject: event.subject,
    location: event.location.displayName,
    notes: firstLine(event.bodyPreview),
    organizer: `${event.organizer.emailAddress.name} <${event.organizer.emailAddress.address}>`,
    participants: people,
    joinUrl,
    webexUrl: joinUrl.includes('webex.com') ? joinUrl : '',
  };
}

/** What stands on a room's screen: of a private meeting neither subject nor people nor notes. */
function onTheDoor(shown: Shown): Shown {
  if (shown.sensitivity !== 'PRIVATE') return shown;
  return { ...shown, subject: '', notes: '', organizer: '', participants: [] };
}

function personText({ encryptedName: name, encryptedEmailAddress: address }: SealedPerson): string {
  return address === undefined ? '' : `${name} <${address}>`;
}

function firstLine(text: string): string {
  return text.trim().split(/\r?\n/)[0] ?? '';
}
