import assert from 'node:assert/strict';
import { webexContract } from '../contract.ts';
import type { Answer, RunningCloud } from './running-cloud.ts';

const contract = webexContract();

/** Operations of the description that are named otherwise than their path. */
const PATTERNS: readonly [RegExp, string][] = [
  [/^\/v1\/meetings\/[^/]+$/, '/meetings/{meetingId}'],
  [/^\/v1\/rooms\/[^/]+$/, '/rooms/{roomId}'],
];
/** What the reduced description leaves out. */
const NOT_DESCRIBED = /^(?:DELETE \/v1\/memberships\/|POST \/v1\/access_token|\w+ \/v1\/meetingInvitees)/;

/** Calls the simulated Webex; every request and every answer is held to Webex' own description where that is at hand. */
export class WebexCalls {
  readonly #cloud: RunningCloud;
  readonly token: string;

  constructor(cloud: RunningCloud, token: string) {
    this.#cloud = cloud;
    this.token = token;
  }

  /** `good`: the request itself is as the description has it. */
  async call(method: string, path: string, body?: object, good = true): Promise<Answer> {
    const { pathname, searchParams } = new URL(path, 'https://webex.invalid');
    const answer = await this.#cloud.call(method, path, {
      as: this.token,
      ...(body === undefined ? {} : { body }),
    });
    if (contract === null || NOT_DESCRIBED.test(`${method} ${pathname}`)) return answer;
    const described =
      PATTERNS.find(([pattern]) => pattern.test(pathname))?.[1] ?? pathname.replace('/v1', '');
    const operation = `${method} ${described}`;
    if (good) assert.deepEqual(contract.validateRequest(operation, body, [...searchParams.keys()]), []);
    assert.deepEqual(
      contract.validate(operation, answer.status, answer.json),
      [],
      `${operation} ${answer.text}`,
    );
    return answer;
  }

  get(path: string): Promise<Answer> {
    return this.call('GET', path);
  }

  /** Every item of a collection, page by page. */
  // biome-ignore lint/suspicious/noExplicitAny: foreign JSON in tests
  async items(path: string): Promise<any[]> {
    const items = [];
    for (let next: string | null = path; next !== null; ) {
      // The address of a next page is Webex' own business.
      const { json, headers } = await this.call('GET', next, undefined, next === path);
      items.push(...json.items);
      next = /^<([^>]+)>; rel="next"$/.exec(String(headers.link ?? ''))?.[1] ?? null;
    }
    return items;
  }
}
