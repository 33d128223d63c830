import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { kmsRootPem } from '../../src/staging/cloud/kms/kms-identity.ts';
import type { Frame } from '../staging/device.ts';
import type { RunningCloud } from '../staging/running-cloud.ts';
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
interface Order {
  readonly method?: string;
  readonly resource: string;
  readonly body?: object;
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
export async function webexApp(t: TestContext, cloud: RunningCloud, account: Account): Promise<WebexApp> {
  tolerateForks();
  const caroots = [kmsRootPem(cloud.context).replace(/-----[^-]+-----|\s/g, '')];
  const webex = new WebexCore({ config: { encryption: { caroots } } });
  await once(webex, 'ready');
  const device = await cloud.device(account);
  t.after(() => device.close());
  webex.internal.device.set({ url: device.url, userId: account.webexUserId });
  webex.internal.mercury.connect = () => Promise.resolve();
  webex.credentials.getUserToken = () => Promise.resolve({ access_token: account.webexToken });
  const value = async ({ method = 'GET', resource, body }: Order): Promise<object> => {
    const sent = body === undefined ? {} : { body };
    const answer = await cloud.call(method, resource, { as: account.webexToken, ...sent });
    if (answer.status >= 400) throw Object.assign(new Error('refused'), { statusCode: answer.status });
    return { statusCode: answer.status, body: answer.json };
  };
  Object.defineProperty(webex, 'request', { value });
  const app = new WebexApp(webex);
  void app.listen(async (after) => {
    const fresh = (frame: Frame): boolean =>
      device.frames.indexOf(frame) >= after && frame.data?.eventType === 'encryption.kms_message';
    const frame = await device.frame(fresh);
    return { frame, next: device.frames.indexOf(frame) + 1 };
  });
  return app;
}

export class WebexApp {
  readonly #webex: ReturnType<typeof foreignPackage>;

  constructor(webex: ReturnType<typeof foreignPackage>) {
    this.#webex = webex;
  }

  /** Gives the app what arrives on its event WebSocket, for ever. */
  async listen(
    next: (after: number) => Promise<{ readonly frame: Frame; readonly next: number }>,
  ): Promise<void> {
    for (let at = 0; ; ) {
      const arrived = await next(at);
      at = arrived.next;
      void this.#webex.internal.encryption.kms
        .processKmsMessageEvent(structuredClone(arrived.frame.data))
        .catch(() => undefined);
    }
  }

  /** A meeting as it comes over the event WebSocket, opened in place. */
  async meetingEvent(item: object): Promise<object> {
    const calendarMeetingExternal = structuredClone(item);
    await this.#webex.internal.calendar.processMeetingEvent({ calendarMeetingExternal });
    return calendarMeetingExternal;
  }

  /** Meetings as they come in a list. */
  async meetingList(items: readonly object[]): Promise<readonly object[]> {
    const answer = { body: { items: structuredClone(items) } };
    await this.#webex.transform('inbound', answer);
    return answer.body.items;
  }

  /** A request of its own to the KMS. */
  async ping(): Promise<{ readonly status: number }> {
    return await this.#webex.internal.encryption.kms.ping();
  }
}
