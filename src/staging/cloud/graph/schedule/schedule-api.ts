import { type Context, Hono } from 'hono';
import type { CloudContext } from '../../cloud-context.ts';
import { eventsIn } from '../calendar-view-api.ts';
import { mailboxState } from '../faults/mailbox-state.ts';
import { type Reader, seenNear } from '../faults/reading.ts';
import { jsonText } from '../graph-call.ts';
import { mailboxReader } from '../mailbox-call.ts';
import { findOwner, type Owner } from '../mailbox-owner.ts';
import { readPreferences } from '../preferences.ts';
import { settingsOf } from '../settings/settings.ts';
import { overlaps } from '../time-window.ts';
import { availabilityView, scheduleItem, stretchesOf } from './availability.ts';
import { readSchedule, type ScheduleQuestion } from './schedule-input.ts';

const DAY_MS = 86_400_000;
const MOST_ITEMS = 1000;

/** Who is free when (reference: graph.md 7). What fails for one schedule is said in its place. */
export function scheduleRoutes(context: CloudContext): Hono {
  const app = new Hono();
  app.post('/v1.0/users/:u/calendar/getSchedule', (c) => getSchedule(context, c));
  return app;
}

async function getSchedule(context: CloudContext, c: Context): Promise<Response> {
  const reader = mailboxReader(context, c);
  const { timeZone } = readPreferences(c);
  const question = readSchedule(await jsonText(c));
  const value = question.schedules.map((scheduleId) => ({
    scheduleId,
    ...scheduleOf(context, reader, scheduleId, question, timeZone),
  }));
  return c.json({
    '@odata.context': `${context.baseUrl}/v1.0/$metadata#Collection(microsoft.graph.scheduleInformation)`,
    value,
  });
}

function scheduleOf(
  context: CloudContext,
  reader: Reader,
  scheduleId: string,
  question: ScheduleQuestion,
  zone: string,
): object {
  if (!/^[^@\s]+@[^@\s]+$/.test(scheduleId))
    return failure('ErrorInvalidSmtpAddress', 'The email address provided is not a valid SMTP address.');
  const owner = findOwner(context, scheduleId);
  if (owner === null)
    return failure(
      'ErrorMailRecipientNotFound',
      'Unable to resolve e-mail address to an Active Directory object.',
    );
  // On premises: found, but nobody there answers the cloud.
  if (mailboxState(context, reader.app, owner.guid)?.state === 'moved')
    return failure('5016', 'Unable to resolve the mailbox of this recipient.');
  return informationOf(context, reader, owner, question, zone);
}

function informationOf(
  context: CloudContext,
  reader: Reader,
  owner: Owner,
  question: ScheduleQuestion,
  zone: string,
): object {
  // All-day events belong to days of the asked zone: wider than the window at first.
  const wide = { from: question.from - DAY_MS, to: question.to + DAY_MS };
  const events = eventsIn(seenNear(context, { ...reader, mailbox: owner.guid }, wide), wide);
  const stretches = stretchesOf(events, zone).filter((one) => overlaps(one, question));
  if (stretches.length > MOST_ITEMS)
    return failure('5006', 'The result set contains too many calendar entries.');
  const own = owner.guid === reader.mailbox;
  return {
    availabilityView: availabilityView(stretches, question),
    scheduleItems: stretches.map((one) => scheduleItem(one, zone, own)),
    workingHours: settingsOf(context, owner).workingHours,
  };
}

function failure(responseCode: string, message: string): object {
  return { error: { message, responseCode } };
}
