import { z } from 'zod';
import { readObject } from '../event-input.ts';
import { invalid } from '../graph-refusal.ts';
import { type DateTimeTimeZone, ianaZone, instantOf, wallClock } from '../time-zone.ts';
import { type AutomaticReplies, languageOf, type MailboxSettings, type WorkingHours } from './settings.ts';

const ZONED = z.object({ dateTime: z.string(), timeZone: z.string().default('UTC') });
const TIME = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,7})?$/);
const PATCH = z
  .strictObject({
    automaticRepliesSetting: z
      .strictObject({
        status: z.enum(['disabled', 'alwaysEnabled', 'scheduled']),
        externalAudience: z.enum(['none', 'contactsOnly', 'all']),
        internalReplyMessage: z.string().nullable(),
        externalReplyMessage: z.string().nullable(),
        scheduledStartDateTime: ZONED,
        scheduledEndDateTime: ZONED,
      })
      .partial(),
    language: z.object({ locale: z.string() }),
    timeZone: z.string(),
    dateFormat: z.string(),
    timeFormat: z.string(),
    delegateMeetingMessageDeliveryOptions: z.enum([
      'sendToDelegateAndInformationToPrincipal',
      'sendToDelegateAndPrincipal',
      'sendToDelegateOnly',
    ]),
    workingHours: z
      .strictObject({
        daysOfWeek: z.array(
          z.enum(['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']),
        ),
        startTime: TIME,
        endTime: TIME,
        timeZone: z.object({ name: z.string() }),
      })
      .partial(),
  })
  .partial();

type Patch = z.infer<typeof PATCH>;

/** Reads PATCH mailboxSettings: the members that were written, completed by what stays. */
export function writtenSettings(before: MailboxSettings, text: string): Partial<MailboxSettings> {
  const members = Object.entries(readObject(text)).filter(([name]) => !name.includes('@odata.'));
  const parsed = PATCH.safeParse(Object.fromEntries(members));
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('/') ?? '';
    throw invalid('ErrorInvalidParameter', `The value of the setting '${where}' is not valid.`);
  }
  const { automaticRepliesSetting, language, workingHours, timeZone, ...plain } = parsed.data;
  if (timeZone !== undefined) ianaZone(timeZone);
  return {
    ...(Object.fromEntries(
      Object.entries(plain).filter(([, value]) => value !== undefined),
    ) as Partial<MailboxSettings>),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(language === undefined ? {} : { language: writtenLanguage(language.locale) }),
    ...(workingHours === undefined ? {} : { workingHours: writtenHours(before.workingHours, workingHours) }),
    ...(automaticRepliesSetting === undefined
      ? {}
      : {
          automaticRepliesSetting: writtenReplies(before.automaticRepliesSetting, automaticRepliesSetting),
        }),
  };
}

function writtenReplies(
  before: AutomaticReplies,
  written: NonNullable<Patch['automaticRepliesSetting']>,
): AutomaticReplies {
  const after: AutomaticReplies = {
    status: written.status ?? before.status,
    externalAudience: written.externalAudience ?? before.externalAudience,
    internalReplyMessage: textOf(written.internalReplyMessage, before.internalReplyMessage),
    externalReplyMessage: textOf(written.externalReplyMessage, before.externalReplyMessage),
    scheduledStartDateTime: inUtc(written.scheduledStartDateTime) ?? before.scheduledStartDateTime,
    scheduledEndDateTime: inUtc(written.scheduledEndDateTime) ?? before.scheduledEndDateTime,
  };
  const runsBackwards = instantOf(after.scheduledEndDateTime) <= instantOf(after.scheduledStartDateTime);
  if (after.status === 'scheduled' && runsBackwards)
    throw invalid('ErrorInvalidParameter', 'The scheduled end must be later than the scheduled start.');
  return after;
}

function writtenLanguage(locale: string): MailboxSettings['language'] {
  if (/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(locale)) return languageOf(locale);
  throw invalid('ErrorInvalidParameter', "The value of the setting 'language/locale' is not valid.");
}

function writtenHours(before: WorkingHours, written: NonNullable<Patch['workingHours']>): WorkingHours {
  const { daysOfWeek, startTime, endTime, timeZone } = written;
  if (timeZone !== undefined) ianaZone(timeZone.name);
  return {
    daysOfWeek: daysOfWeek ?? before.daysOfWeek,
    startTime: startTime ?? before.startTime,
    endTime: endTime ?? before.endTime,
    timeZone: timeZone ?? before.timeZone,
  };
}

function textOf(written: string | null | undefined, before: string): string {
  return written === undefined ? before : (written ?? '');
}

function inUtc(time: DateTimeTimeZone | undefined): DateTimeTimeZone | undefined {
  return time === undefined ? undefined : wallClock(instantOf(time));
}
