import { setTimeout as rest } from 'node:timers/promises';
import type { Account, Installation } from '../../test/system/installation.ts';
import { WebexApp } from '../../test/system/webex-app.ts';
import type { ApplianceDatabase } from './appliance-database.ts';
import { type ChangeMaker, joinLink } from './change-maker.ts';
import type { FinalMeeting } from './change-plan.ts';
import {
  type JudgedMeeting,
  judgeAcknowledged,
  judgeEffects,
  judgeItems,
  judgeOutcomes,
  judgeWrites,
  type Violation,
} from './judge.ts';
import { expectedList, judgeCalendar, judgeList, SELECTED, type Sight } from './meetings-list.ts';
import { answered, type Json, type SteadfastOutlook } from './steadfast-outlook.ts';

export interface Verdict {
  /** Lists that were opened and compared, and the meetings in them. */
  readonly lists: number;
  readonly listed: number;
  /** Writes of the appliance to calendars, versions that Webex accepted, notifications that were acknowledged. */
  readonly writes: number;
  readonly deliveries: number;
  readonly acknowledged: number;
  /** From the last change until every list was right. */
  readonly settledSeconds: number;
  readonly violations: readonly Violation[];
}

interface OracleParts {
  readonly installation: Installation;
  readonly outlook: SteadfastOutlook;
  readonly database: ApplianceDatabase;
  /** Everyone who is enabled. */
  readonly accounts: readonly Account[];
  readonly maker: ChangeMaker;
}

/** A final version that Webex does not hold this long after the faults have ended is lost (reference: engineering.md B.11). */
const LOST_AFTER_MS = 60_000;
const LOOK_AGAIN_MS = 100;

/** Knows from the simulated services what must be true in the end, and looks whether it is. */
export class Oracle {
  readonly #parts: OracleParts;
  readonly #apps: readonly (readonly [Account, WebexApp])[];
  /** Opening takes much longer than fetching: what was opened once is not opened again. */
  readonly #opened = new Map<string, Sight>();

  constructor(parts: OracleParts) {
    this.#parts = parts;
    this.#apps = parts.accounts.map((account) => [account, new WebexApp(parts.installation, account)]);
  }

  async judge(final: readonly FinalMeeting[]): Promise<Verdict> {
    const started = performance.now();
    const meetings = final.map((meeting) => this.#withIds(meeting));
    await this.#untilSettled(meetings, started + LOST_AFTER_MS);
    const settledSeconds = (performance.now() - started) / 1000;
    const unsettled = await this.#unsettled();
    const lists = await this.#compareLists(meetings);
    const effects = await this.#judgeEffects(meetings);
    const violations = [...unsettled, ...lists.violations, ...effects.violations];
    return { ...effects, lists: this.#apps.length, listed: lists.listed, settledSeconds, violations };
  }

  #withIds(meeting: FinalMeeting): JudgedMeeting {
    const made = this.#parts.maker.made.get(meeting.meeting);
    if (made === undefined) throw new Error(`meeting ${meeting.meeting} was never made`);
    return { ...meeting, ...made };
  }

  async #untilSettled(meetings: readonly JudgedMeeting[], deadline: number): Promise<void> {
    while (performance.now() < deadline) {
      const quiet = (await this.#unsettled()).length === 0;
      if (quiet && (await this.#compareLists(meetings)).violations.length === 0) return;
      await rest(LOOK_AGAIN_MS);
    }
  }

  /** Work that is not done, was given up, or stands as an alarm. */
  async #unsettled(): Promise<Violation[]> {
    const { database } = this.#parts;
    const { waiting } = await this.#control('graph/notifications');
    const found: Record<string, unknown[]> = {
      'notifications wait at the cloud': waiting === 0 ? [] : [waiting],
      'jobs wait': database.openJobs(Date.now()),
      'jobs were given up': database.deadJobs(),
      'alarms stand': database.alarms(),
    };
    return Object.entries(found).flatMap(([what, facts]) =>
      facts.length === 0 ? [] : [{ rule: 'unsettled', what, facts: { found: facts } } as const],
    );
  }

  async #compareLists(
    meetings: readonly JudgedMeeting[],
  ): Promise<{ listed: number; violations: Violation[] }> {
    const all = await Promise.all(
      this.#apps.map(([account, app]) => this.#compareList(account, app, meetings)),
    );
    return {
      listed: all.reduce((sum, { listed }) => sum + listed, 0),
      violations: all.flatMap(({ violations }) => violations),
    };
  }

  async #compareList(
    account: Account,
    app: WebexApp,
    meetings: readonly JudgedMeeting[],
  ): Promise<{ listed: number; violations: Violation[] }> {
    const { outlook, maker, accounts } = this.#parts;
    const calendar = await outlook.calendar(account, SELECTED);
    const own = meetings.filter(({ owner }) => accounts[owner] === account);
    const byUid = new Map(meetings.map((meeting) => [meeting.iCalUId, meeting]));
    const expected = expectedList(calendar, (iCalUId) => this.#joinUrl(byUid.get(iCalUId)));
    const shown = await this.#shown(app);
    return {
      listed: shown.length,
      violations: [
        ...judgeCalendar(calendar, own, (minute) => maker.startOf(minute)),
        ...judgeList(account.address, expected, shown),
      ],
    };
  }

  /** The organiser's personal room for a keyword, else the link that was there. */
  #joinUrl(meeting: JudgedMeeting | undefined): string | null {
    if (meeting === undefined) return null;
    const [room] = this.#parts.maker.account(meeting.owner).address.split('@');
    return joinLink(meeting.joining, meeting.meeting) ?? `https://nordwind.webex.com/meet/${room}`;
  }

  async #shown(app: WebexApp): Promise<Sight[]> {
    return Promise.all((await app.list()).map((item) => this.#open(app, item)));
  }

  async #open(app: WebexApp, item: Json): Promise<Sight> {
    const sealed = JSON.stringify(item);
    const known = this.#opened.get(sealed);
    if (known !== undefined) return known;
    const { subject, start, joinUrl } = await app.open(item);
    const sight: Sight = { subject, start, joinUrl: joinUrl ?? null };
    this.#opened.set(sealed, sight);
    return sight;
  }

  async #judgeEffects(
    meetings: readonly JudgedMeeting[],
  ): Promise<Pick<Verdict, 'writes' | 'deliveries' | 'acknowledged' | 'violations'>> {
    const { database } = this.#parts;
    const writes: Json[] = await this.#control('graph/writes');
    const { effects } = await this.#control('webex/effects');
    const { items } = await this.#control('webex/items');
    const { acknowledged } = await this.#control('graph/notifications');
    return {
      writes: writes.filter(({ app }) => app === 'appliance').length,
      deliveries: effects.length,
      acknowledged: acknowledged.length,
      violations: [
        ...judgeWrites(writes, meetings),
        ...judgeOutcomes(writes, meetings, database.intendedWrites()),
        ...judgeEffects(effects, database.meetings()),
        ...judgeItems(items),
        ...judgeAcknowledged(acknowledged, database.notifications()),
      ],
    };
  }

  async #control(path: string): Promise<Json> {
    const { installation } = this.#parts;
    const { controlUrl } = installation.facts;
    return (await answered(() => installation.call('GET', `${controlUrl}/${path}`))).json;
  }
}
