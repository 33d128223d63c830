import { z } from 'zod';
import type { AutomaticReplies } from '../domain/out-of-office.ts';
import type { Clock, MailboxProfile, MailboxSettings, SettingsReading } from '../domain/ports.ts';
import { ianaZone } from '../domain/windows-zones.ts';
import { MOST_IN_BATCH, readBatch } from './batch.ts';
import { type GraphAnswer, type GraphClient, unreadable } from './client.ts';
import { oneOf } from './event-json.ts';
import { saysNoMailbox } from './graph-error.ts';
import { instantOf } from './graph-time.ts';

const GUID_IN_CONTEXT = /users\('([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})'\)/i;
const TIME = z.object({ dateTime: z.string(), timeZone: z.string().nullish() }).nullish();
/** The reply texts are no part of it: what is not named here is dropped (design D4). */
const SETTINGS = z.object({
  '@odata.context': z.string().default(''),
  language: z.object({ locale: z.string().nullish() }).nullish(),
  automaticRepliesSetting: z
    .object({
      status: oneOf(['disabled', 'alwaysEnabled', 'scheduled'], 'disabled', 'disabled'),
      scheduledStartDateTime: TIME,
      scheduledEndDateTime: TIME,
    })
    .nullish(),
});
type Settings = z.infer<typeof SETTINGS>;

// Nothing granted lets the directory be read; the settings' context names the owner (reference: graph.md 1.1, 6).
export async function readProfile(client: GraphClient, address: string): Promise<MailboxProfile | null> {
  const url = client.urlOf(['users', address, 'mailboxSettings']);
  const answer = await client.call({ method: 'GET', url, mailbox: address.toLowerCase() });
  if (answer.kind === 'refused' && saysNoMailbox(answer.refusal)) return null;
  if (answer.kind === 'refused') throw answer.error;
  const settings = SETTINGS.safeParse(answer.json).data;
  const guid = GUID_IN_CONTEXT.exec(decoded(settings?.['@odata.context'] ?? ''))?.[1];
  if (settings === undefined || guid === undefined) throw unreadable();
  return { guid: guid.toLowerCase(), locale: localeOf(settings) };
}

/** Twenty mailboxes a call. Mailboxes are mixed by whoever asks: of one mailbox the service runs four at a time at most. */
export async function readSettings(
  client: GraphClient,
  clock: Clock,
  guids: readonly string[],
): Promise<Map<string, SettingsReading>> {
  const readings = new Map<string, SettingsReading>();
  for (let at = 0; at < guids.length; at += MOST_IN_BATCH) {
    const slice = guids.slice(at, at + MOST_IN_BATCH);
    const paths = slice.map((guid) => `/users/${encodeURIComponent(guid)}/mailboxSettings`);
    const answers = await readBatch(client, clock, paths);
    for (const [n, guid] of slice.entries()) readings.set(guid, readingOf(answers[n]));
  }
  return readings;
}

function readingOf(answer: GraphAnswer | undefined): SettingsReading {
  if (answer?.kind === 'refused') return { kind: 'refused', error: answer.error };
  const settings = SETTINGS.safeParse(answer?.json).data;
  return settings === undefined
    ? { kind: 'refused', error: unreadable() }
    : { kind: 'read', settings: settingsOf(settings) };
}

function settingsOf(settings: Settings): MailboxSettings {
  return { locale: localeOf(settings), automaticReplies: repliesOf(settings) };
}

function localeOf({ language }: Settings): string | null {
  return language?.locale || null;
}

function repliesOf({ automaticRepliesSetting: replies }: Settings): AutomaticReplies {
  // Of settings, which are read in batches, nobody can ask for UTC.
  const at = (time: z.infer<typeof TIME>) =>
    time === null || time === undefined
      ? null
      : instantOf(time.dateTime, ianaZone(time.timeZone || 'UTC') ?? '');
  return {
    status: replies?.status ?? 'disabled',
    startAt: at(replies?.scheduledStartDateTime),
    endAt: at(replies?.scheduledEndDateTime),
  };
}

function decoded(context: string): string {
  try {
    return decodeURIComponent(context);
  } catch {
    return context;
  }
}
