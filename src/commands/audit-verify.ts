import { type AuditEntry, GENESIS, type SignedAuditHead } from '../domain/audit.ts';
import { AuditCheck, type AuditFlaw } from '../domain/audit-check.ts';
import { isSignedHead } from '../seal/audit-signature.ts';
import { auditLines, headOfFile } from './audit-file.ts';

/** `problem` is a sentence; null when everything is as it was written. */
export interface Verdict {
  readonly problem: string | null;
  readonly rows: number;
  readonly head: SignedAuditHead | null;
}

const FLAWS: Readonly<Record<AuditFlaw['kind'], (seq: number) => string>> = {
  changed: (seq) => `row ${seq} is not what was written: it, or a row before it, was changed.`,
  gap: (seq) => `row ${seq} is missing or out of its place.`,
  'cut-at-end': (seq) => `the log was cut at its end: it held row ${seq} when its head was signed.`,
};

/** Checks an exported file against the head at its end. `key` is the public key that must have signed it, where it is known. */
export async function verifyFile(file: string, key: string | null): Promise<Verdict> {
  const head = await headOfFile(file);
  if (head === null)
    return bad('the file does not end with a signed head: it was cut at its end, or it is no export.');
  const unsigned = signatureProblem(head, key);
  if (unsigned !== null) return bad(unsigned);
  if (head.first === 1 && head.previous !== GENESIS)
    return bad('the head does not begin where a log begins.');
  const check = new AuditCheck(head.first, head.previous);
  let ended = false;
  for await (const line of auditLines(file)) {
    if (line.kind === 'foreign') return bad(`line ${line.line} is no row of an audit log.`);
    if (ended) return bad('something was added behind the signed head.');
    if (line.kind === 'head') ended = true;
    else check.add(line.entry);
  }
  return { problem: sentence(check.flaw(head)), rows: check.seq - head.first + 1, head };
}

/** Pages of rows from the first one on, the last page empty. */
export type AuditPages = (first: number) => Promise<readonly AuditEntry[] | number>;

/** Checks the log of the running appliance, and that it still holds what an earlier export's head was signed over. */
export async function verifyLive(
  pages: AuditPages,
  head: SignedAuditHead | null,
  key: string | null,
): Promise<Verdict | number> {
  const unsigned = head === null ? null : signatureProblem(head, key);
  if (unsigned !== null) return bad(unsigned);
  const check = new AuditCheck(1, GENESIS);
  let differs = false;
  for (let page = await pages(1); ; page = await pages(check.seq + 1)) {
    if (typeof page === 'number') return page;
    if (page.length === 0) break;
    for (const entry of page) {
      if (!check.add(entry)) return { problem: sentence(check.flaw(null)), rows: check.seq, head };
      if (head !== null && entry.seq === head.last && entry.hash !== head.hash) differs = true;
    }
  }
  if (differs)
    return bad(`row ${head?.last} is not the one that the head was signed over: the log was written anew.`);
  const cut = head !== null && check.seq < head.last;
  return { problem: cut ? FLAWS['cut-at-end'](check.seq + 1) : null, rows: check.seq, head };
}

function signatureProblem(head: SignedAuditHead, key: string | null): string | null {
  if (!isSignedHead(head)) return 'the signature of the head does not match it.';
  return key === null || key === head.publicKey
    ? null
    : 'the head was signed with another key than the one given.';
}

function sentence(flaw: AuditFlaw | null): string | null {
  return flaw === null ? null : FLAWS[flaw.kind](flaw.seq);
}

function bad(problem: string): Verdict {
  return { problem, rows: 0, head: null };
}
