import type { Account, Answer, Installation } from './installation.ts';

export interface NewEvent {
  readonly subject: string;
  readonly location?: string;
  readonly body?: string;
  readonly attendees?: readonly Account[];
  /** Hours from now. */
  readonly inHours?: number;
}

/** People's calendar clients, as the second app registration plays them. */
export class Outlook {
  readonly #installation: Installation;
  readonly #token: string;

  private constructor(installation: Installation, token: string) {
    this.#installation = installation;
    this.#token = token;
  }

  /** As another application when one is given. */
  static async signIn(installation: Installation, client = installation.facts.outlook): Promise<Outlook> {
    const { loginUrl, tenantId } = installation.facts;
    const form = new URLSearchParams({
      client_id: client.clientId,
      client_secret: client.clientSecret,
      grant_type: 'client_credentials',
      scope: 'https://graph.microsoft.com/.default',
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await installation.call(
      'POST',
      `${loginUrl}/${tenantId}/oauth2/v2.0/token`,
      headers,
      form.toString(),
    );
    if (answer.status !== 200) throw new Error(`no token: ${answer.text}`);
    return new Outlook(installation, answer.json.access_token);
  }

  async graph(method: string, path: string, body?: object): Promise<Answer> {
    const headers = {
      authorization: `Bearer ${this.#token}`,
      prefer: 'outlook.timezone="UTC"',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const url = `${this.#installation.facts.graphUrl}/v1.0${path}`;
    return this.#installation.call(
      method,
      url,
      headers,
      body === undefined ? undefined : JSON.stringify(body),
    );
  }

  /** Books and returns the event's id. */
  async book(owner: Account, event: NewEvent): Promise<string> {
    const start = new Date(Date.now() + (event.inHours ?? 24) * 3_600_000);
    const answer = await this.graph('POST', `/users/${owner.entraId}/calendar/events`, {
      subject: event.subject,
      body: { contentType: 'html', content: event.body ?? '<p>See you there</p>' },
      start: { dateTime: start.toISOString().slice(0, 19), timeZone: 'UTC' },
      end: { dateTime: new Date(start.getTime() + 1_800_000).toISOString().slice(0, 19), timeZone: 'UTC' },
      location: { displayName: event.location ?? '@webex' },
      attendees: (event.attendees ?? []).map((one) => ({
        emailAddress: { address: one.address, name: one.name },
        type: 'required',
      })),
    });
    if (answer.status !== 201) throw new Error(`not booked: ${answer.status} ${answer.text}`);
    return answer.json.id;
  }

  // biome-ignore lint/suspicious/noExplicitAny: foreign JSON in tests
  async read(owner: Account, id: string): Promise<any> {
    const answer = await this.graph('GET', `/users/${owner.entraId}/events/${encodeURIComponent(id)}`);
    if (answer.status !== 200) throw new Error(`not read: ${answer.status} ${answer.text}`);
    return answer.json;
  }

  async change(owner: Account, id: string, change: object): Promise<void> {
    const answer = await this.graph(
      'PATCH',
      `/users/${owner.entraId}/events/${encodeURIComponent(id)}`,
      change,
    );
    if (answer.status !== 200) throw new Error(`not changed: ${answer.status} ${answer.text}`);
  }

  /** Automatic replies, as Graph's `automaticRepliesSetting`. */
  async reply(owner: Account, automaticRepliesSetting: object): Promise<void> {
    const path = `/users/${owner.entraId}/mailboxSettings`;
    const answer = await this.graph('PATCH', path, { automaticRepliesSetting });
    if (answer.status !== 200) throw new Error(`not set: ${answer.status} ${answer.text}`);
  }

  async delete(owner: Account, id: string): Promise<void> {
    const answer = await this.graph('DELETE', `/users/${owner.entraId}/events/${encodeURIComponent(id)}`);
    if (answer.status !== 204) throw new Error(`not deleted: ${answer.status} ${answer.text}`);
  }
}
