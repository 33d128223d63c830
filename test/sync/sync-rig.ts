import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { ArrangementRow } from '../../src/domain/arrangement.ts';
import type { CalendarEvent } from '../../src/domain/calendar-event.ts';
import type { LeasedJob } from '../../src/domain/job.ts';
import { DEFAULT_SETTINGS } from '../../src/domain/join-block/join-details.ts';
import { builtInRules } from '../../src/domain/join-target/built-in-rules.ts';
import type { CalendarSource, MeetingSink, WebexDirectory } from '../../src/domain/ports.ts';
import type { MailboxRow } from '../../src/domain/rows.ts';
import type { WebexMeetings, WebexSpaces } from '../../src/domain/scheduling-ports.ts';
import { systemRandom } from '../../src/ops/random.ts';
import { sodiumReady } from '../../src/seal/sodium.ts';
import { openStore } from '../../src/store/open.ts';
import { sealAddress } from '../../src/sync/addresses.ts';
import type { SyncDeps, SyncEvents } from '../../src/sync/sync-deps.ts';
import { Turns } from '../../src/sync/turns.ts';
import { Upstreams } from '../../src/sync/upstreams.ts';
import { PlayedKms } from './played-kms.ts';

export const NOW = Date.UTC(2026, 11, 1, 9);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** An organiser's own meeting of tomorrow without a keyword. */
export function calendarEvent(more: Partial<CalendarEvent> = {}): CalendarEvent {
  return {
    id: 'event',
    changeKey: 'k1',
    etag: 'W/"k1"',
    iCalUId: 'uid',
    type: 'singleInstance',
    seriesMasterId: null,
    lastEndAt: null,
    recurrence: null,
    subject: 'Budget',
    bodyType: 'html',
    body: '<p>See you there</p>',
    locations: [],
    onlineMeetingUrl: null,
    startAt: NOW + DAY_MS,
    endAt: NOW + DAY_MS + HOUR_MS,
    isAllDay: false,
    isCancelled: false,
    isDraft: false,
    isOrganizer: true,
    hasAttachments: false,
    sensitivity: 'normal',
    showAs: 'busy',
    response: 'organizer',
    organizer: { name: 'Astrid', address: 'astrid@nordwind.example' },
    attendees: [],
    mark: null,
    ...more,
  };
}

export function arrangement(mailbox: MailboxRow, more: Partial<ArrangementRow> = {}): ArrangementRow {
  return {
    mailboxId: mailbox.id,
    eventId: 'event',
    seriesId: null,
    kind: 'personal-room',
    state: 'standing',
    mark: 'mark-1',
    webexMeetingId: null,
    spaceId: null,
    askedHash: null,
    askedKey: null,
    invited: null,
    carried: null,
    mails: 0,
    writtenChangeKey: null,
    intendedAt: NOW - HOUR_MS,
    writtenAt: null,
    endsAt: NOW + DAY_MS + HOUR_MS,
    ...more,
  };
}

export interface SyncRig {
  readonly deps: SyncDeps;
  /** The one mailbox: active, known to everybody, with a key. */
  readonly mailbox: MailboxRow;
  /** Business events by name, in their order. */
  readonly told: string[];
  /** A leased job about the event of `calendarEvent`. */
  readonly job: LeasedJob;
  readonly kms: PlayedKms;
  /** Moves the time on. */
  readonly pass: (ms: number) => void;
}

/** The jobs' surroundings: a real store, one mailbox, and only as much of the upstreams as is given. */
export async function syncRig(
  t: TestContext,
  upstreams: {
    readonly graph?: Partial<CalendarSource>;
    readonly webex?: Partial<WebexDirectory>;
    readonly meetings?: Partial<WebexMeetings>;
    readonly spaces?: Partial<WebexSpaces>;
    readonly sink?: Partial<MeetingSink>;
  },
): Promise<SyncRig> {
  await sodiumReady();
  const random = systemRandom();
  let now = NOW;
  const clock = { now: () => now, monotonicMs: () => now - NOW, sleep: () => Promise.resolve() };
  const dataDir = mkdtempSync(join(tmpdir(), 'sync-'));
  const store = openStore({ dataDir, clock, random });
  t.after(() => {
    store.close();
    rmSync(dataDir, { recursive: true });
  });
  const told: string[] = [];
  const kms = new PlayedKms();
  const deps: SyncDeps = {
    settings: SETTINGS,
    store,
    clock,
    random,
    kms,
    graph: only(upstreams.graph),
    webex: only(upstreams.webex),
    meetings: only(upstreams.meetings),
    spaces: only(upstreams.spaces),
    sink: only(upstreams.sink),
    events: listener(told),
    upstreams: new Upstreams(clock, random, [], () => undefined),
    turns: new Turns(),
    webexTokenEndsAt: () => null,
    wake: () => undefined,
  };
  const sealUntil = NOW + 30 * DAY_MS;
  const key = { createdAt: NOW, sealUntil, resourceUri: 'r', seals: 0, renewAt: NOW + 27 * DAY_MS };
  store.write((w) => w.addKey({ ...key, uri: 'kms://d', role: 'directory', mailboxId: null }));
  const sealed = await sealAddress(deps, 'astrid@nordwind.example');
  const mailbox = store.write((w) => {
    const row = w.addMailbox({ kind: 'person', ...sealed }, NOW);
    w.setMailboxIdentity(row.id, { guid: 'guid', webexId: 'webex' });
    w.setMailboxState(row.id, { state: 'activated', reason: null, failures: 0, retryAt: null }, NOW);
    w.addKey({ ...key, uri: 'kms://k', role: 'mailbox', mailboxId: row.id });
    return w.mailbox(row.id) ?? row;
  });
  const pass = (ms: number): void => {
    now += ms;
  };
  return { deps, mailbox, told, job: jobOf(mailbox), kms, pass };
}

const SETTINGS: SyncDeps['settings'] = {
  tenantId: '11111111-2222-3333-4444-555555555555',
  applianceUserId: 'appliance',
  webhooks: null,
  settleMs: 0,
  settleMaxMs: 0,
  deltaPace: { fastMs: 60_000, slowMs: 600_000 },
  safetyNetMs: 3_600_000,
  presencePollMs: 60_000,
  joinBlock: DEFAULT_SETTINGS,
  windowBackMs: 7 * DAY_MS,
  windowAheadMs: 31 * DAY_MS,
  keyRotationMs: 30 * DAY_MS,
  reminderLeadMs: 5 * 60_000,
  joinRules: builtInRules(),
  scheduling: { existingTarget: 'keep', sharing: { title: false, people: false } },
  fieldEncryption: 'A256GCM',
  credentialEndsAt: null,
};

function jobOf(mailbox: MailboxRow): LeasedJob {
  return {
    id: 1,
    leaseId: 'lease',
    kind: 'sync-event',
    key: `${mailbox.id}/event`,
    mailboxId: mailbox.id,
    eventId: 'event',
    attempt: 1,
    createdAt: NOW,
  };
}

/** A port of which nothing else may be called. */
function only<T extends object>(given: Partial<T> = {}): T {
  return new Proxy(given as T, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (member === undefined) throw new Error(`${String(name)} is not expected here`);
      return member;
    },
  });
}

function listener(told: string[]): SyncEvents {
  return new Proxy({} as SyncEvents, { get: (_, name) => () => void told.push(String(name)) });
}
