import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import type { Facts } from './staging-facts.ts';

export interface Booking {
  readonly ownerId: string;
  readonly subject: string;
  readonly location: string;
  readonly body: string;
  readonly start: Date;
  readonly minutes: number;
  readonly attendees: readonly { readonly address: string; readonly name: string }[];
}

/** Books a meeting as a person's calendar client would: over HTTPS, with the second app registration. */
export async function book(facts: Facts, booking: Booking): Promise<void> {
  const dispatcher = new Agent({ connect: { ca: readFileSync(facts.caFile, 'utf8') } });
  try {
    const token = await signIn(facts, dispatcher);
    const url = `${facts.graphUrl}/v1.0/users/${booking.ownerId}/calendar/events`;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await request(url, {
      method: 'POST',
      headers,
      body: JSON.stringify(eventOf(booking)),
      dispatcher,
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 201) throw new Error(`the calendar refused the meeting: ${text}`);
  } finally {
    await dispatcher.close();
  }
}

async function signIn(facts: Facts, dispatcher: Agent): Promise<string> {
  const form = new URLSearchParams({
    client_id: facts.outlook.clientId,
    client_secret: facts.outlook.clientSecret,
    grant_type: 'client_credentials',
    scope: 'https://graph.microsoft.com/.default',
  });
  const url = `${facts.loginUrl}/${facts.tenantId}/oauth2/v2.0/token`;
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await request(url, { method: 'POST', headers, body: form.toString(), dispatcher });
  const json = (await answer.body.json()) as { access_token?: string };
  if (json.access_token === undefined) throw new Error('the sign-in was refused');
  return json.access_token;
}

function eventOf(b: Booking): object {
  const end = new Date(b.start.getTime() + b.minutes * 60_000);
  const time = (at: Date) => ({ dateTime: at.toISOString().slice(0, 19), timeZone: 'UTC' });
  return {
    subject: b.subject,
    body: { contentType: 'html', content: b.body },
    start: time(b.start),
    end: time(end),
    location: { displayName: b.location },
    attendees: b.attendees.map((emailAddress) => ({ emailAddress, type: 'required' })),
  };
}
