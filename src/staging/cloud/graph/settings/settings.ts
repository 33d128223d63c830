import type { CloudContext } from '../../cloud-context.ts';
import type { Table } from '../../disk.ts';
import { newItemId } from '../item-id.ts';
import type { Owner } from '../mailbox-owner.ts';
import { type DateTimeTimeZone, wallClock } from '../time-zone.ts';

export interface AutomaticReplies {
  readonly status: 'disabled' | 'alwaysEnabled' | 'scheduled';
  readonly externalAudience: 'none' | 'contactsOnly' | 'all';
  readonly internalReplyMessage: string;
  readonly externalReplyMessage: string;
  readonly scheduledStartDateTime: DateTimeTimeZone;
  readonly scheduledEndDateTime: DateTimeTimeZone;
}

export interface WorkingHours {
  readonly daysOfWeek: readonly string[];
  readonly startTime: string;
  readonly endTime: string;
  readonly timeZone: { readonly name: string };
}

/** `mailboxSettings` as Graph answers them (reference: graph.md 6). */
export interface MailboxSettings {
  readonly archiveFolder: string;
  readonly timeZone: string;
  readonly delegateMeetingMessageDeliveryOptions: string;
  readonly dateFormat: string;
  readonly timeFormat: string;
  readonly userPurpose: Owner['purpose'];
  readonly automaticRepliesSetting: AutomaticReplies;
  /** Both empty where nobody ever chose a language. */
  readonly language: { readonly locale: string; readonly displayName: string };
  readonly workingHours: WorkingHours;
}

const DAY_MS = 86_400_000;

/** The settings of a mailbox; made when they are first asked for. */
export function settingsOf(context: CloudContext, owner: Owner): MailboxSettings {
  const known = table(context).get(owner.guid);
  if (known !== undefined) return known;
  const made = firstSettings(context, owner);
  table(context).put(owner.guid, made);
  return made;
}

export function putSettings(context: CloudContext, owner: Owner, settings: MailboxSettings): void {
  table(context).put(owner.guid, settings);
}

export function languageOf(locale: string): MailboxSettings['language'] {
  const displayName =
    locale === '' ? '' : (new Intl.DisplayNames(['en'], { type: 'language' }).of(locale) ?? '');
  return { locale, displayName };
}

function firstSettings(context: CloudContext, owner: Owner): MailboxSettings {
  const day = Math.floor(context.clock.now() / DAY_MS) * DAY_MS;
  return {
    archiveFolder: newItemId(owner.guid),
    timeZone: 'W. Europe Standard Time',
    delegateMeetingMessageDeliveryOptions: 'sendToDelegateOnly',
    dateFormat: '',
    timeFormat: '',
    userPurpose: owner.purpose,
    automaticRepliesSetting: {
      status: 'disabled',
      externalAudience: 'all',
      internalReplyMessage: '',
      externalReplyMessage: '',
      // Present even when disabled, as at the real service.
      scheduledStartDateTime: wallClock(day),
      scheduledEndDateTime: wallClock(day + DAY_MS),
    },
    language: languageOf(owner.locale),
    workingHours: {
      daysOfWeek: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
      startTime: '08:00:00.0000000',
      endTime: '17:00:00.0000000',
      timeZone: { name: 'W. Europe Standard Time' },
    },
  };
}

function table(context: CloudContext): Table<MailboxSettings> {
  return context.disk.table('graph-mailbox-settings');
}
