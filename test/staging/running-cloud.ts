import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, type Dispatcher, request } from 'undici';
import type { ClockState } from '../../src/staging/cloud/clock.ts';
import { type RunningCloud as Cloud, startCloud } from '../../src/staging/cloud/cloud.ts';
import type { CloudContext } from '../../src/staging/cloud/cloud-context.ts';
import { connectDevice, Device } from './device.ts';

export interface Call {
  /** Bearer token; none is sent when absent. */
  readonly as?: string;
  /** An object travels as JSON, a string as it is. */
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // What comes back is foreign JSON; each test reads the members that it asserts.
  // biome-ignore lint/suspicious/noExplicitAny: foreign JSON in tests
  readonly json: any;
}

/** The whole simulated cloud as staging starts it: HTTPS under its own authority, WebSockets, state in real files. */
export class RunningCloud {
  readonly directory: string;
  /** What was told to the appliance's clock, newest last. */
  readonly steered: ClockState[] = [];
  readonly told: string[] = [];
  #cloud: Cloud | undefined;
  #agent: Agent | undefined;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async start(): Promise<RunningCloud> {
    const cloud = new RunningCloud(mkdtempSync(join(tmpdir(), 'running-cloud-')));
    await cloud.#start(0);
    return cloud;
  }

  get context(): CloudContext {
    if (this.#cloud === undefined) throw new Error('not started');
    return this.#cloud.context;
  }

  get caDirectory(): string {
    return join(this.directory, 'ca');
  }

  /** Ends the cloud and starts it again on the same port with what is on its disk. */
  async restart(): Promise<void> {
    const port = this.#cloud?.port ?? 0;
    await this.#stop();
    await this.#start(port);
  }

  async stop(): Promise<void> {
    await this.#stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** One exchange over HTTPS; `path` may be a whole URL. */
  async call(method: string, path: string, { as, body, headers = {} }: Call = {}): Promise<Answer> {
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const authorization = as === undefined ? {} : { authorization: `Bearer ${as}` };
    const answer = await request(new URL(path, this.context.baseUrl), {
      method: method as Dispatcher.HttpMethod,
      headers: { ...type, ...authorization, ...headers },
      body: typeof body === 'object' ? JSON.stringify(body) : (body ?? null),
      ...(this.#agent === undefined ? {} : { dispatcher: this.#agent }),
    });
    const text = await answer.body.text();
    const isJson = String(answer.headers['content-type'] ?? '').includes('json');
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text,
      json: isJson ? JSON.parse(text) : null,
    };
  }

  /** Registers a device of the account and opens its event WebSocket. */
  async device({ webexToken: as }: { readonly webexToken: string }): Promise<Device> {
    const register = (body: object) => this.call('POST', '/wdm/api/v1/devices', { as, body });
    return await connectDevice(register, this.context.caPem, as);
  }

  /** Opens an event WebSocket without a word. */
  dial(webSocketUrl: string): Device {
    return new Device(webSocketUrl, this.context.caPem);
  }

  async #start(port: number): Promise<void> {
    this.#cloud = await startCloud({
      directory: this.directory,
      caDirectory: this.caDirectory,
      port,
      morePeople: 0,
      moreRooms: 0,
      tell: ({ what }) => this.told.push(what),
      steered: (state) => this.steered.push(state),
    });
    this.#agent = new Agent({ connect: { ca: this.context.caPem } });
  }

  async #stop(): Promise<void> {
    await this.#agent?.close();
    await this.#cloud?.close();
  }
}
