import { cpus, totalmem } from 'node:os';
import Database from 'better-sqlite3';
import type { Figures } from './measure.ts';

/** What the figures were made on. */
export function machineFacts(): Figures {
  const all = cpus();
  return {
    'machine.cpu': all[0]?.model ?? 'unknown',
    'machine.cores': all.length,
    'machine.memory_gb': Math.round(totalmem() / 2 ** 30),
    'machine.platform': `${process.platform}-${process.arch}`,
    'machine.node': process.versions.node,
    'machine.sqlite': String(new Database(':memory:').prepare('SELECT sqlite_version()').pluck().get()),
  };
}
