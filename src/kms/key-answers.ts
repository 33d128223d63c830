import { z } from 'zod';
import { malformedAnswer } from './kms-fault.ts';

const KEY_BYTES = 32;
const DATE = z.iso.datetime({ offset: true }).optional();
const URI = z.string().min(1);

const RETRIEVED = z.looseObject({
  key: z.looseObject({
    uri: URI,
    jwk: z.looseObject({ kty: z.literal('oct'), k: z.string() }),
    expirationDate: DATE,
    resourceUri: URI.optional(),
  }),
});
/** A KMS tells the new keys or only where they are. */
const CREATED = z.union([
  z
    .looseObject({ keys: z.array(z.looseObject({ uri: URI })) })
    .transform(({ keys }) => keys.map(({ uri }) => uri)),
  z.looseObject({ keyUris: z.array(URI) }).transform(({ keyUris }) => keyUris),
]);
const BOUND = z.looseObject({ resource: z.looseObject({ uri: URI, expirationDate: DATE }) });

/** A key as the KMS gives it out; the caller wipes the bytes. */
export interface RetrievedKey {
  readonly uri: string;
  readonly bytes: Uint8Array;
  /** Epoch milliseconds; null when the KMS set no end. */
  readonly sealUntil: number | null;
}

/** The resource that a key turns out to be bound to; null when it is bound to none. */
export function readBinding(answer: unknown): string | null {
  return understood(RETRIEVED, answer).key.resourceUri ?? null;
}

/** Reads the answer to `retrieve <key>`. Throws AppError KMS_ANSWER_MALFORMED, like the others here. */
export function readKey(answer: unknown): RetrievedKey {
  const { uri, jwk, expirationDate } = understood(RETRIEVED, answer).key;
  const bytes = Buffer.from(jwk.k, 'base64url');
  if (bytes.length !== KEY_BYTES) {
    bytes.fill(0);
    throw malformedAnswer();
  }
  return { uri, bytes, sealUntil: epochOf(expirationDate) };
}

/** The URIs of exactly so many keys that were made. */
export function readNewKeys(answer: unknown, count: number): string[] {
  const uris = understood(CREATED, answer);
  if (new Set(uris).size !== count) throw malformedAnswer();
  return uris;
}

/** The resource that a key was bound to. */
export function readResource(answer: unknown): { readonly uri: string; readonly until: number | null } {
  const { resource } = understood(BOUND, answer);
  return { uri: resource.uri, until: epochOf(resource.expirationDate) };
}

function understood<T>(schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  // The parser's findings could quote key material, so they go no further.
  if (!parsed.success) throw malformedAnswer();
  return parsed.data;
}

function epochOf(date: string | undefined): number | null {
  return date === undefined ? null : Date.parse(date);
}
