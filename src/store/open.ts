import { chmodSync, mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../domain/app-error.ts';
import type { Clock, Random } from '../domain/ports.ts';
import type { SubscriptionRow } from '../domain/rows.ts';
import type { Reader, Store, Writer } from '../domain/store-port.ts';
import { arrangementReads, arrangementWrites } from './arrangements.ts';
import { auditReads, auditWrites } from './audit.ts';
import { FullDisk } from './full-disk.ts';
import { GroupCommit } from './group-commit.ts';
import { lockInstance } from './instance-lock.ts';
import { jobReads, jobWrites } from './jobs.ts';
import { journalReads, journalWrites } from './journal.ts';
import type { KeptRows } from './kept-rows.ts';
import { keyReads, keyWrites } from './keys.ts';
import { keptSubscriptions, ledgerReads, ledgerWrites } from './ledger.ts';
import { lockedByOther, PATIENCE_MS } from './locked.ts';
import { mailboxReads, mailboxWrites } from './mailboxes.ts';
import { meetingReads, meetingWrites } from './meetings.ts';
import { migrate } from './migrate.ts';
import { prune } from './prune.ts';
import { reminderReads, reminderWrites } from './reminders.ts';
import { resyncReads, resyncWrites } from './resyncs.ts';
import { setBackWrites } from './set-back.ts';
import { setupLinkReads, setupLinkWrites } from './setup-link.ts';
import { Statements } from './statements.ts';
import { strippedReads, strippedWrites } from './stripped.ts';
import { summaryReads } from './summaries.ts';
import { upcomingReads, upcomingWrites } from './upcoming.ts';
import { watchReads, watchWrites } from './watch.ts';

/** "HCal": tells our files from other programs'. */
const APPLICATION_ID = 0x4843616c;

/** Name of the database file in the data directory. */
export const DATABASE_FILE = 'hybrid-calendar.db';

/** What must be free before a disk that was full counts as having room again. */
const ROOM_BYTES = 16 * 1024 * 1024;

export interface StoreOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Told when a write finds the disk full, and when one gets through again. */
  readonly diskFull?: (full: boolean) => void;
}

/**
 * Opens the one connection: locks the data directory, sets the pragmas, checks and migrates. Throws AppError ALREADY_RUNNING,
 * FOREIGN_DATABASE, NEWER_SCHEMA or DATABASE_CORRUPT.
 */
export function openStore(o: StoreOptions): Store & { readonly database: Database.Database } {
  mkdirSync(o.dataDir, { recursive: true, mode: 0o700 });
  chmodSync(o.dataDir, 0o700);
  const unlock = lockInstance(o.dataDir);
  const path = join(o.dataDir, DATABASE_FILE);
  try {
    const database = openDatabase(path);
    return storeOver(database, o, unlock);
  } catch (thrown) {
    unlock();
    throw thrown;
  }
}

function openDatabase(path: string): Database.Database {
  const before = process.umask(0o077);
  try {
    const database = new Database(path);
    setPragmas(database);
    check(database);
    migrate(database);
    database.pragma(`busy_timeout = ${PATIENCE_MS}`);
    return database;
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw corrupt(thrown);
  } finally {
    process.umask(before);
  }
}

// The reasons stand in engineering.md B.2; synchronous=FULL because Graph never repeats what we acknowledged.
function setPragmas(database: Database.Database): void {
  database.pragma('busy_timeout = 5000');
  const fresh = database.prepare('SELECT count(*) AS n FROM sqlite_schema').pluck().get() === 0;
  if (fresh) database.pragma('auto_vacuum = INCREMENTAL');
  const id = database.pragma('application_id', { simple: true });
  if (id !== APPLICATION_ID && !fresh) throw foreign();
  database.pragma(`application_id = ${APPLICATION_ID}`);
  for (const pragma of [
    'journal_mode = WAL',
    'synchronous = FULL',
    'foreign_keys = ON',
    'trusted_schema = OFF',
    'cell_size_check = ON',
    'journal_size_limit = 67108864',
    'temp_store = MEMORY',
    'mmap_size = 0',
    'secure_delete = ON',
  ]) {
    database.pragma(pragma);
  }
}

function check(database: Database.Database): void {
  if (database.pragma('quick_check', { simple: true }) !== 'ok') throw corrupt(undefined);
}

function storeOver(database: Database.Database, o: StoreOptions, unlock: () => void) {
  const s = new Statements(database);
  const disk = new FullDisk(o.clock, () => hasRoom(o.dataDir), o.diskFull ?? (() => undefined));
  const kept = keptSubscriptions(s);
  const reader = readerOver(s, disk, kept);
  const write = transactions(database, writerOver(s, reader, o.random, kept), disk);
  const together = new GroupCommit(write);
  return {
    database,
    read: <T>(work: (r: Reader) => T): T => work(reader),
    write,
    writeTogether: <T>(work: (w: Writer) => T): Promise<T> => together.add(work),
    scrub: () => emptied(database),
    close: () => {
      together.flush();
      database.close();
      unlock();
    },
  };
}

/** Deleted rows are overwritten in the file itself (secure_delete); the log still holds them until it is emptied. */
function emptied(database: Database.Database): boolean {
  try {
    return database.pragma('wal_checkpoint(TRUNCATE)', { simple: true }) === 0;
  } catch (thrown) {
    if (thrown instanceof Database.SqliteError) return false;
    throw thrown;
  }
}

function readerOver(s: Statements, disk: FullDisk, kept: KeptRows<SubscriptionRow>): Reader {
  const journal = journalReads(s);
  return {
    ...mailboxReads(s),
    ...meetingReads(s),
    ...arrangementReads(s),
    ...reminderReads(s),
    ...strippedReads(s),
    ...resyncReads(s),
    ...upcomingReads(s),
    ...ledgerReads(s, kept),
    ...keyReads(s),
    ...journal,
    ...jobReads(s),
    ...watchReads(s),
    ...summaryReads(s),
    ...setupLinkReads(s),
    ...auditReads(s),
    alarms: () => [...journal.alarms(), ...disk.alarms()],
  };
}

function writerOver(s: Statements, reader: Reader, random: Random, kept: KeptRows<SubscriptionRow>): Writer {
  const writes: Omit<Writer, keyof Reader> = {
    ...mailboxWrites(s, kept),
    ...meetingWrites(s),
    ...arrangementWrites(s),
    ...reminderWrites(s),
    ...strippedWrites(s),
    ...resyncWrites(s),
    ...upcomingWrites(s),
    ...setBackWrites(s),
    ...ledgerWrites(s, kept),
    ...keyWrites(s),
    ...journalWrites(s),
    ...jobWrites(s, random),
    ...watchWrites(s),
    ...setupLinkWrites(s),
    ...auditWrites(s),
    prune: (now) => prune(s, now),
  };
  return { ...reader, ...writes };
}

/** One work, one transaction. */
function transactions(database: Database.Database, writer: Writer, disk: FullDisk) {
  const transact = database.transaction((work: () => unknown) => work());
  const changes = database.prepare('SELECT total_changes()').pluck();
  return <T>(work: (w: Writer) => T): T => {
    const { lent, revoke } = lend(writer);
    try {
      // A transaction that writes nothing succeeds on a full disk too and proves nothing.
      const before = disk.isFull ? changes.get() : null;
      const result = transact.immediate(() => work(lent)) as T;
      if (before !== null && changes.get() !== before) disk.written();
      return result;
    } catch (thrown) {
      throw lockedByOther(thrown) ?? disk.failed(thrown);
    } finally {
      revoke();
    }
  };
}

/** A writer that refuses to work once its transaction has ended. */
function lend(writer: Writer): { lent: Writer; revoke: () => void } {
  const { proxy, revoke } = Proxy.revocable(writer, {});
  return { lent: proxy, revoke };
}

function hasRoom(directory: string): boolean {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize >= ROOM_BYTES;
}

function foreign(): AppError {
  const message = 'The file hybrid-calendar.db in store.data_dir is not a database of this appliance.';
  return new AppError({ code: 'invalid', reason: 'FOREIGN_DATABASE', message });
}

function corrupt(cause: unknown): AppError {
  const message =
    'The database in store.data_dir is damaged: restore a backup, or move it away to start anew.';
  return new AppError({ code: 'tampered', reason: 'DATABASE_CORRUPT', message, cause });
}
