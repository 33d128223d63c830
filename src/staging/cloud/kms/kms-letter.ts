import type { KeyObject } from 'node:crypto';
import { compactDecrypt } from 'jose';
import { z } from 'zod';

/** An opened message. What the answer needs is read even where the rest is malformed. */
export interface Letter {
  readonly requestId: string;
  /** Device that shall get the answer. */
  readonly clientId: string;
  readonly content: unknown;
}

const ENVELOPE = z.object({
  requestId: z.string().catch(''),
  client: z.object({ clientId: z.string().catch('') }).catch({ clientId: '' }),
});

/** Opens a compact JWE; null when it was not made for this key or holds no JSON object. */
export async function openLetter(
  compact: string,
  key: KeyObject | Uint8Array,
  keyManagementAlgorithms: readonly string[],
): Promise<Letter | null> {
  try {
    const options = { keyManagementAlgorithms: [...keyManagementAlgorithms] };
    const { plaintext } = await compactDecrypt(compact, key, {
      ...options,
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    const content: unknown = JSON.parse(new TextDecoder().decode(plaintext));
    const { requestId, client } = ENVELOPE.parse(content);
    return { requestId, clientId: client.clientId, content };
  } catch {
    return null;
  }
}
