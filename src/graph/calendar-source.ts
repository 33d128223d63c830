import type { CalendarSource, Clock, Random } from '../domain/ports.ts';
import type { HttpClient } from '../net/http-client.ts';
import { GraphClient } from './client.ts';
import { changedSince, deltaRound } from './delta.ts';
import { readDeviations } from './deviations.ts';
import { createEvent, deleteEvent, readEvent, respond, writeEvent } from './events.ts';
import { readProfile, readSettings } from './mailbox-settings.ts';
import { readSchedules } from './schedule.ts';
import { readExceptions, readSeries } from './series.ts';
import {
  createSubscription,
  deleteSubscription,
  listSubscriptions,
  reauthorizeSubscription,
  renewSubscription,
} from './subscriptions.ts';
import { type ClientCredential, openTokenSource } from './token.ts';

export interface CalendarSourceDeps {
  readonly http: HttpClient;
  readonly loginUrl: string;
  readonly graphUrl: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly credential: ClientCredential;
  readonly clock: Clock;
  readonly random: Random;
}

/** Microsoft Graph as `CalendarSource`. Every failure is an AppError with upstream `graph` (reasons: graph-error.ts, token.ts). */
export function openCalendarSource(deps: CalendarSourceDeps): CalendarSource {
  const { clock } = deps;
  const client = new GraphClient({ ...deps, tokens: openTokenSource(deps) });
  return {
    profile: (address) => readProfile(client, address),
    readEvent: (guid, eventId) => readEvent(client, guid, eventId),
    deltaRound: (guid, from) => deltaRound(client, guid, from),
    changedSince: (guid, instant) => changedSince(client, guid, instant),
    readSeries: (guid, masterId, window) => readSeries(client, guid, masterId, window),
    readExceptions: (guid, masterId) => readExceptions(client, guid, masterId),
    readDeviations: (guid, masterId) => readDeviations(client, guid, masterId),
    writeEvent: (guid, event, write) => writeEvent(client, guid, event, write),
    createEvent: (guid, event) => createEvent(client, guid, event),
    deleteEvent: (guid, eventId) => deleteEvent(client, guid, eventId),
    respond: (guid, eventId, answer, comment) => respond(client, guid, eventId, answer, comment),
    schedules: (guid, addresses, window) => readSchedules(client, guid, addresses, window),
    settings: (guids) => readSettings(client, clock, guids),
    subscribe: (guid, urls, clientState) => createSubscription(client, clock, guid, urls, clientState),
    renew: (id) => renewSubscription(client, clock, id),
    reauthorize: (id) => reauthorizeSubscription(client, id),
    unsubscribe: (id) => deleteSubscription(client, id),
    subscriptions: () => listSubscriptions(client),
  };
}
