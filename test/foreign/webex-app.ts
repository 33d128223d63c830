import { once } from 'node:events';
import type { TestContext } from 'node:test';
import type { Device, Frame } from '../staging/device.ts';
import { foreignPackage } from './foreign-package.ts';

// On waking up the SDK looks for its own cloud; nothing listens here. It logs to the console whatever it does.
process.env.U2C_SERVICE_URL = 'http://127.0.0.1:9/';
process.env.NODE_ENV = 'production';
for (const level of ['log', 'info', 'warn', 'error', 'debug', 'trace'])
  Reflect.set(console, level, () => undefined);

foreignPackage('@webex/internal-plugin-calendar');
const { default: WebexCore } = foreignPackage('@webex/webex-core');

interface Account {
  readonly webexUserId: string;
  readonly webexToken: string;
}

/** What an app reaches of Webex. */
export interface AppCloud {
  /** The authority that it trusts to name KMS, PEM. */
  readonly kmsRoot: string;
  /** One request in somebody's name; `address` is a whole URL or a path of the cloud's only host. */
  call(
    method: string,
    address: string,
    options: { readonly as: string; readonly body?: object },
  ): Promise<{ readonly status: number; readonly json: object | null }>;
  /** Registers a device and opens its event WebSocket. */
  device(account: Account): Promise<Device>;
}

/** A request of the SDK: to a whole URL, or to a resource of a service. */
interface Order {
  readonly method?: string;
  readonly uri?: string;
  readonly service?: string;
  readonly resource?: string;
  readonly qs?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** A meeting that came over the event WebSocket, opened in place. */
export interface PushedMeeting {
  readonly eventType: string;
  readonly item: object;
}

// The SDK forks promises and leaves the forks alone when the KMS refuses. Its caller hears of it all the same, so this is no fault.
let tolerant = false;
function tolerateForks(): void {
  if (tolerant) return;
  tolerant = true;
  const listeners = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (reason, promise) => {
    if (reason instanceof Error && /^INVALID KMS|KMS_RESPONSE_STATUS/m.test(reason.message)) return;
    for (const listener of listeners) listener(reason, promise);
  });
}

/** Cisco's calendar, encryption and KMS code, signed in as somebody. What its other plugins do (token, device, sockets) is given. */
export async function webexApp(t: TestContext, cloud: AppCloud, account: Account): Promise<WebexApp> {
  tolerateForks();
  const caroots = [cloud.kmsRoot.replace(/-----[^-]+-----|\s/g, '')];
  const webex = new WebexCore({ config: { encryption: { caroots } } });
  await once(webex, 'ready');
  const device = await cloud.device(account);
  t.after(() => device.close());
  webex.internal.device.set({ url: device.url, userId: account.webexUserId });
  webex.internal.mercury.connect = () => Promise.resolve();
  webex.credentials.getUserToken = () => Promise.resolve({ access_token: account.webexToken });
  const value = async (order: Order): Promise<object> => {
    const { method = 'GET', body } = order;
    const sent = body === undefined ? {} : { body };
    const answer = await cloud.call(method, addressOf(order), { as: account.webexToken, ...sent });
    if (answer.status >= 400) throw Object.assign(new Error('refused'), { statusCode: answer.status });
    const response = { statusCode: answer.status, body: answer.json, options: order };
    // As the SDK's own interceptor does with whatever comes in.
    await webex.transform('inbound', response);
    return response;
  };
  Object.defineProperty(webex, 'request', { value });
  const app = new WebexApp(webex);
  void app.listen(device);
  return app;
}

function addressOf({ uri, service, resource = '', qs }: Order): string {
  if (uri !== undefined) return uri;
  const path = service === 'calendar' ? `/calendar/api/v1/${resource}` : resource;
  return qs === undefined ? path : `${path}?${new URLSearchParams(qs)}`;
}

export class WebexApp {
  readonly #webex: ReturnType<typeof foreignPackage>;
  readonly #pushed: Promise<PushedMeeting>[] = [];

  constructor(webex: ReturnType<typeof foreignPackage>) {
    this.#webex = webex;
  }

  /** Gives the app what arrives on its event WebSocket, frame by frame, for ever. */
  async listen(device: Device): Promise<void> {
    for (let at = 0; ; at += 1) this.#hear(await device.frame((frame) => device.frames[at] === frame));
  }

  /** A meeting as it comes over the event WebSocket, opened in place. */
  async meetingEvent(item: object): Promise<object> {
    const calendarMeetingExternal = structuredClone(item);
    await this.#webex.internal.calendar.processMeetingEvent({ calendarMeetingExternal });
    return calendarMeetingExternal;
  }

  /** What came over its event WebSocket so far about meetings, in its order. */
  async pushedMeetings(): Promise<readonly PushedMeeting[]> {
    return await Promise.all(this.#pushed);
  }

  /** Meetings as they come in a list. */
  async meetingList(items: readonly object[]): Promise<readonly object[]> {
    const answer = { body: { items: structuredClone(items) } };
    await this.#webex.transform('inbound', answer);
    return answer.body.items;
  }

  /** The meetings list as the app asks for it; `fromDate` and `toDate` are ISO instants. */
  async list(window: { readonly fromDate: string; readonly toDate: string }): Promise<readonly object[]> {
    return await this.#webex.internal.calendar.list(window);
  }

  /** A request of its own to the KMS. */
  async ping(): Promise<{ readonly status: number }> {
    return await this.#webex.internal.encryption.kms.ping();
  }

  #hear({ data }: Frame): void {
    const { eventType = '', calendarMeetingExternal: item } = data ?? {};
    if (eventType === 'encryption.kms_message') {
      void this.#webex.internal.encryption.kms
        .processKmsMessageEvent(structuredClone(data))
        .catch(() => undefined);
    } else if (item !== undefined)
      this.#pushed.push(this.meetingEvent(item).then((opened) => ({ eventType, item: opened })));
  }
}
