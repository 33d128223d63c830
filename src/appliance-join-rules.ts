import { readFileSync } from 'node:fs';
import { AppError } from './domain/app-error.ts';
import { BUILT_IN_PACK } from './domain/join-target/built-in-rules.ts';
import type { JoinRules } from './domain/join-target/join-source.ts';
import { compileRules, RuleFaults } from './domain/join-target/rule-index.ts';
import type { RulePack } from './domain/join-target/rule-pack.ts';
import type { Config } from './ops/config.ts';
import { RULE_PACK } from './ops/rule-schema.ts';
import { verifiedRulePack } from './seal/rule-pack-signature.ts';

/**
 * The rules of the configuration: the pack inside the program or the signed one in its stead, and the organisation's own before it.
 * Throws AppError `RULE_PACK_REFUSED` for a pack that can't be read, is not signed with the key, or holds what nobody can use.
 * `sodiumReady` must have been awaited.
 */
export function openJoinRules({ rulePack, rules, order, keywords }: Config['joinTargets']): JoinRules {
  if (rulePack === null) return { index: compileRules(BUILT_IN_PACK, rules), order, keywords };
  try {
    return { index: compileRules(readPack(rulePack), rules), order, keywords };
  } catch (thrown) {
    if (thrown instanceof RuleFaults) throw refused(`holds rules that can’t be used: ${thrown.message}`);
    throw thrown;
  }
}

function readPack({ file, key }: { readonly file: string; readonly key: Uint8Array }): RulePack {
  const pack = verifiedRulePack(bytesOf(file), key);
  if (pack === null)
    throw refused(
      'is not signed with join_targets.rule_pack_key: sign it anew with "hybrid-calendar rules sign"',
    );
  return readRulePack(pack);
}

/** A pack's JSON. Throws AppError `RULE_PACK_REFUSED`. */
export function readRulePack(bytes: Uint8Array): RulePack {
  const read = RULE_PACK.safeParse(jsonOf(bytes));
  const [issue] = read.error?.issues ?? [];
  if (issue !== undefined)
    throw refused(`is no rule pack of format 1: see ${issue.path.join('.') || 'the file as a whole'}`);
  if (read.data === undefined) throw refused('is no rule pack of format 1');
  return read.data;
}

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch {
    throw refused('can’t be read: check join_targets.rule_pack_file and who may read it');
  }
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

function refused(why: string): AppError {
  return new AppError({ code: 'invalid', reason: 'RULE_PACK_REFUSED', message: `The rule pack ${why}.` });
}
