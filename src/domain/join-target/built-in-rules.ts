import { DEFAULT_KEYWORDS } from '../keyword.ts';
import { JOIN_SOURCES, type JoinRules } from './join-source.ts';
import { compileRules } from './rule-index.ts';
import pack from './rule-pack.json' with { type: 'json' };
import type { RulePack } from './rule-pack.ts';

/** The rule pack inside the program. */
export const BUILT_IN_PACK = pack as object as RulePack;

/** The pack inside the program in the published order. */
export function builtInRules(): JoinRules {
  return { index: compileRules(BUILT_IN_PACK), order: JOIN_SOURCES, keywords: DEFAULT_KEYWORDS };
}
