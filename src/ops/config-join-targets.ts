import { z } from 'zod';
import { JOIN_SOURCES, type JoinSource } from '../domain/join-target/join-source.ts';
import type { ProviderRules } from '../domain/join-target/rule-pack.ts';
import type { Field } from './config-values.ts';
import { PROVIDER } from './rule-schema.ts';

const KEY_BYTES = 32;

/** The sources of join targets, each at most once, in the order in which they decide. */
export const JOIN_ORDER: Field<JoinSource[]> = {
  type: z
    .array(z.enum(JOIN_SOURCES, 'holds something that is none of the allowed words'), 'is not a list')
    .min(1, 'is empty')
    .refine((words) => new Set(words).size === words.length, 'names something twice'),
  allowed: `a list of ${JOIN_SOURCES.map((word) => `"${word}"`).join(', ')}, each at most once`,
  fallback: [...JOIN_SOURCES],
};

/** Rules of the organisation's own; their templates and hosts are looked at with the other contradictions. */
export const OWN_RULES: Field<ProviderRules[]> = {
  type: z.unknown().transform((value, context): ProviderRules[] => {
    const read = z.array(PROVIDER).safeParse(value);
    const [issue] = read.error?.issues ?? [];
    if (issue !== undefined)
      context.addIssue(`is not a list of rules (${issue.path.join('.') || 'as a whole'})`);
    return read.data ?? [];
  }),
  allowed:
    'tables [[join_targets.rules]] with id, name, links, video and negatives as the README describes them',
  fallback: [],
};

/** An Ed25519 public key as base64. */
export function signingKey(): Field<Uint8Array> {
  const type = z.string('is not a text in quotes').transform((value, context) => {
    const bytes = Buffer.from(/^[A-Za-z0-9+/]{43}=$/.test(value) ? value : '', 'base64');
    if (bytes.length !== KEY_BYTES) context.addIssue('is not an Ed25519 public key');
    return new Uint8Array(bytes);
  });
  return { type, allowed: 'the 44 characters that "rules keygen" prints', fallback: undefined };
}
