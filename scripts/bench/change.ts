import { type Account, Installation } from '../../test/system/installation.ts';
import { Outlook } from '../../test/system/outlook.ts';
import { atRate, CalendarLoad, type Change, loadAccounts } from './calendar-load.ts';
import { type Outcome, outcomeOf, type Write } from './change-latency.ts';
import type { Figures, Measure } from './measure.ts';
import { cpuMsOf } from './process-cpu.ts';
import { quantile } from './quantile.ts';

const MAILBOXES = 200;
const CHANGES_PER_SECOND = 100;
const KEYWORDS_PER_SECOND = 10;
const WARM_UP_SECONDS = 4;
const DRAIN_MS = 60_000;

/**
 * A whole installation of three processes on this machine: people change their meetings, and the cloud's records tell how long
 * it took until the sealed meeting stood in the Webex list.
 */
export const change: Measure = {
  name: 'change',
  async run({ quick }) {
    const installation = await Installation.start('--people', String(MAILBOXES));
    try {
      return await measured(installation, quick ? 15 : 60, quick ? 6 : 20);
    } finally {
      await installation.stop();
    }
  },
};

async function measured(
  installation: Installation,
  seconds: number,
  keywordSeconds: number,
): Promise<Figures> {
  const accounts = loadAccounts(installation, MAILBOXES);
  const load = new CalendarLoad(await Outlook.signIn(installation), accounts);
  const booked = await load.bookEverywhere();
  await drained(installation, booked);
  const move = (n: number) => load.move(pick(booked, n));
  await drained(installation, await atRate(CHANGES_PER_SECOND, WARM_UP_SECONDS, move));
  const before = cpuOf(installation);
  const moved = await atRate(CHANGES_PER_SECOND, seconds, move);
  const plain = await drained(installation, moved);
  const after = cpuOf(installation);
  const book = (n: number) => load.book(pick(accounts, n), '@webex');
  const keyword = await drained(installation, await atRate(KEYWORDS_PER_SECOND, keywordSeconds, book));
  return {
    'change.p50_ms': quantile(plain.latencies, 0.5),
    'change.p99_ms': quantile(plain.latencies, 0.99),
    'change.cpu_ms': (after.appliance - before.appliance) / moved.length,
    'change.cloud_cpu_ms': (after.cloud - before.cloud) / moved.length,
    'change.keyword_p50_ms': quantile(keyword.latencies, 0.5),
    'change.keyword_p99_ms': quantile(keyword.latencies, 0.99),
    'change.per_second': plain.perSecond,
    'change.keyword_per_second': keyword.perSecond,
    'change.seconds': seconds,
    'change.keyword_seconds': keywordSeconds,
    'change.mailboxes': MAILBOXES,
  };
}

function cpuOf(installation: Installation): { appliance: number; cloud: number } {
  const { appliancePid, cloudPid } = installation.facts;
  return { appliance: cpuMsOf(appliancePid), cloud: cpuMsOf(cloudPid) };
}

function pick<T extends Change | Account>(all: readonly T[], n: number): T {
  const one = all[n % all.length];
  if (one === undefined) throw new Error('there is nobody to change anything');
  return one;
}

/** Waits until a delivery shows each change. Throws when one is lost. */
async function drained(installation: Installation, changes: readonly Change[]): Promise<Outcome> {
  const { controlUrl } = installation.facts;
  let outcome: Outcome | null = null;
  await installation.until(async () => {
    const writes: Write[] = (await installation.call('GET', `${controlUrl}/graph/writes`)).json;
    const { effects } = (await installation.call('GET', `${controlUrl}/webex/effects`)).json;
    outcome = outcomeOf(changes, writes, effects);
    return outcome.missing === 0;
  }, DRAIN_MS);
  return outcome ?? outcomeOf(changes, [], []);
}
