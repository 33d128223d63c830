import { AppError, asAppError } from '../domain/app-error.ts';
import { newKeyLife } from '../domain/key-life.ts';
import type { IssuedKey } from '../domain/key-port.ts';
import type { KeyRow, MailboxRow } from '../domain/rows.ts';
import type { SyncDeps } from './sync-deps.ts';

/** As many as one post to the KMS holds (reference: webex.md 2.2). */
export const KEYS_IN_ONE_POST = 50;

/** For whom a key is to be made: a mailbox by its row number, or null for the directory. */
export interface KeyWish {
  readonly mailboxId: number | null;
  readonly readers: readonly string[];
}

/** The wish of a mailbox that is known at Webex; null before. */
export function wishOf({ settings }: SyncDeps, { id, webexId }: MailboxRow): KeyWish | null {
  return webexId === null ? null : { mailboxId: id, readers: [webexId, settings.applianceUserId] };
}

/** Has keys made in as few messages as possible; the rows, which are not stored yet, or why not, in the order of the wishes. */
export async function issueKeys(deps: SyncDeps, wishes: readonly KeyWish[]): Promise<(KeyRow | AppError)[]> {
  const issues = await deps.kms.issueEach(wishes.map(({ readers }) => readers));
  return wishes.map(({ mailboxId }, at) => {
    const issue = issues[at];
    if (issue === undefined) return asAppError(undefined);
    return issue.kind === 'refused' ? issue.error : lasting(deps, rowOf(deps, mailboxId, issue.key));
  });
}

/** What was issued; and the first fault that concerns more than one mailbox, null when there is none. */
export function sorted(made: readonly (KeyRow | AppError)[]): { issued: KeyRow[]; outage: AppError | null } {
  const faults = made.filter((one) => one instanceof AppError);
  return {
    issued: made.filter((one): one is KeyRow => !(one instanceof AppError)),
    outage: faults.find((fault) => keyTrouble(fault).scope !== 'mailbox') ?? null,
  };
}

/** Has one key made and keeps its row. Throws AppError; one that concerns this one key alone as a trouble of the mailbox. */
export async function newKey(deps: SyncDeps, wish: KeyWish): Promise<KeyRow> {
  const [made = asAppError(undefined)] = await issueKeys(deps, [wish]);
  if (made instanceof AppError) throw keyTrouble(made);
  deps.store.write((w) => w.addKey(made));
  deps.events.keysIssued(1);
  return made;
}

/** Directory keys never run out by our own age: only by what the KMS says, or when somebody asks. */
function rowOf(
  { clock, random, settings }: SyncDeps,
  mailboxId: number | null,
  { uri, resourceUri, sealUntil }: IssuedKey,
): KeyRow {
  const now = clock.now();
  const ours = mailboxId === null ? [] : [now + settings.keyRotationMs];
  const life = newKeyLife(now, sealUntil === null ? ours : [...ours, sealUntil], random.unit());
  const role = mailboxId === null ? 'directory' : 'mailbox';
  return { uri, role, mailboxId, resourceUri, createdAt: now, ...life };
}

/**
 * No key can be had for this mailbox: that is no fault of the change that wanted to be sealed. The mailbox rests and is tried again;
 * other reasons stay what they are.
 */
export function keyTrouble(error: AppError): AppError {
  if (error.scope !== 'job' || error.upstream !== 'kms') return error;
  const { reason, message } = error;
  return new AppError({
    code: 'unavailable',
    reason,
    message,
    scope: 'mailbox',
    upstream: 'kms',
    cause: error,
  });
}

/** Clocks that differ by more than a key lives: to ask for one after the other would not help. */
function lasting({ clock }: SyncDeps, made: KeyRow): KeyRow | AppError {
  return made.sealUntil <= clock.now() ? endedAtOnce() : made;
}

function endedAtOnce(): AppError {
  return new AppError({
    code: 'conflict',
    reason: 'KMS_KEY_EXPIRED',
    message: 'The KMS made a key whose time is over already: compare the clocks of appliance and KMS.',
    upstream: 'kms',
  });
}
