import { z } from 'zod';
import type { ProviderRules, RulePack } from '../domain/join-target/rule-pack.ts';

const text = z.string().min(1).max(300);
const texts = z.array(text).min(1).max(500);
const optionalText = text.exactOptional();

const shape = {
  hosts: z.array(z.string().max(253)).min(1).max(500),
  paths: texts,
  query: z.record(text, text).exactOptional(),
  fragment: optionalText,
};

const negative = z.strictObject({
  ...shape,
  kind: z.enum([
    'phone-list',
    'download',
    'pin',
    'options',
    'survey',
    'recording',
    'help',
    'registration',
    'account',
    'page',
  ]),
});

const link = z.strictObject({
  ...shape,
  schemes: z.array(z.string().regex(/^[a-z][a-z0-9+.-]{1,30}$/)).exactOptional(),
  score: z.number().int().min(0).max(1000).exactOptional(),
  sip: optionalText,
  meetingId: optionalText,
});

const video = z.strictObject({ hosts: texts, users: texts, below: z.boolean().exactOptional() });

/** One provider's rules, in a pack or in the configuration. */
export const PROVIDER: z.ZodType<ProviderRules> = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
    .max(40),
  name: text,
  links: z.array(link).exactOptional(),
  video: z.array(video).exactOptional(),
  negatives: z.array(negative).exactOptional(),
  anyLanguage: z.boolean().exactOptional(),
  ownVideoOnly: z.boolean().exactOptional(),
  sipFromId: optionalText,
  interopWithTenant: texts.exactOptional(),
});

/** A whole rule pack. */
export const RULE_PACK: z.ZodType<RulePack> = z.strictObject({
  format: z.literal(1),
  version: text,
  providers: z.array(PROVIDER).min(1),
  negatives: z.array(negative),
  mailHosts: z.array(text),
  passcodeWords: z.array(text),
  otherCodeWords: z.array(text),
  meetingIdWords: z.array(text),
});
