import {
  type AuditAct,
  type AuditActor,
  type AuditEntry,
  COMMAND_LINE,
  NOBODY,
  type SignedAuditHead,
} from './domain/audit.ts';
import { done, ended } from './domain/audit-facts.ts';
import type { RotationAnswer, RotationOrder } from './domain/key-report.ts';
import { type AuditVerdict, audited, subjectOf } from './sync/audit.ts';
import { signedHead } from './sync/audit-head.ts';
import { Refusals } from './sync/audit-refusals.ts';
import { exportMailbox } from './sync/export-mailbox.ts';
import type { SyncDeps } from './sync/sync-deps.ts';
import type { SignInAttempt, SignInResult } from './web/sign-in.ts';

/** As many rows as a person reads. */
const ROWS_SHOWN = 200;

/** How what administrators do at the page and at the command socket gets into the audit log. */
export interface AuditTrail {
  signedIn(result: SignInResult, attempt: SignInAttempt): void;
  signedOut(actor: AuditActor): void;
  setupRefused(reason: 'refused' | 'limited', from: string): void;
  /** A command that has effects outside, about one mailbox or (null) all: between two rows. */
  command<T>(act: AuditAct, address: string | null, work: () => Promise<T>, end: AuditVerdict<T>): Promise<T>;
  rotation(order: RotationOrder, work: () => Promise<RotationAnswer>): Promise<RotationAnswer>;
  /** All that is held on a mailbox, between two rows in the administrator's name; null when there is no such mailbox. */
  exportMailbox(address: string, admin: string): Promise<object | null>;
  exportRefused(reason: 'failure' | 'limited', admin: string | null): void;
  /** The last rows, the newest first. */
  shown(): readonly AuditEntry[];
  rows(first: number, limit: number): readonly AuditEntry[];
  /** Signs all from row `first` on, after a row about this export. */
  export(first: number): Promise<SignedAuditHead>;
}

const REASONS = { failure: 'WRONG_NAME_OR_PASSWORD', limited: 'TOO_MANY_TRIES' } as const;
const SETUP_REASONS = { refused: 'INVALID_LINK', limited: 'TOO_MANY_TRIES' } as const;

export function openAuditTrail(deps: SyncDeps): AuditTrail {
  const { store, clock } = deps;
  const refusals = new Refusals(deps);
  const turnedAway = (act: AuditAct, actor: AuditActor, reason: string): void =>
    refusals.add(ended({ actor, act }, clock.now(), { outcome: 'refused', reason }));
  return {
    signedIn: (result, { admin, from }) => {
      const actor = { who: admin ?? NOBODY, from };
      if (result !== 'success') turnedAway('sign-in', actor, REASONS[result]);
      else store.write((w) => w.addAudit(done({ actor, act: 'sign-in' }, clock.now())));
    },
    signedOut: (actor) => {
      store.write((w) => w.addAudit(done({ actor, act: 'sign-out' }, clock.now())));
    },
    setupRefused: (reason, from) => turnedAway('setup.use', { who: NOBODY, from }, SETUP_REASONS[reason]),
    command: async (act, address, work, end) =>
      audited(
        deps,
        { actor: COMMAND_LINE, act, subject: address === null ? {} : await subjectOf(deps, address) },
        work,
        end,
      ),
    rotation: async (order, work) => {
      const subject = order.of === 'mailbox' ? await subjectOf(deps, order.address) : { about: order.of };
      return await audited(deps, { actor: COMMAND_LINE, act: 'keys.rotate', subject }, work, (answer) =>
        answer === 'unknown' ? { outcome: 'refused', reason: 'NO_SUCH_MAILBOX' } : { outcome: 'done' },
      );
    },
    exportMailbox: async (address, admin) => {
      const subject = await subjectOf(deps, address);
      const mailbox = store.read((r) => r.mailbox(subject.mailboxId ?? 0));
      const one = { actor: { who: admin, from: COMMAND_LINE.from }, act: 'mailbox.export', subject } as const;
      const work = async (): Promise<object | null> =>
        mailbox === null ? null : await exportMailbox(deps, mailbox);
      return await audited(deps, one, work, (held) =>
        held === null ? { outcome: 'refused', reason: 'NO_SUCH_MAILBOX' } : { outcome: 'done' },
      );
    },
    exportRefused: (reason, admin) =>
      turnedAway('mailbox.export', { who: admin ?? NOBODY, from: COMMAND_LINE.from }, REASONS[reason]),
    shown: () => store.read((r) => r.auditLast(ROWS_SHOWN)),
    rows: (first, limit) => store.read((r) => r.auditFrom(first, limit)),
    export: async (first) => {
      store.write((w) => w.addAudit(done({ actor: COMMAND_LINE, act: 'audit.export' }, clock.now())));
      return await signedHead(deps, first);
    },
  };
}
