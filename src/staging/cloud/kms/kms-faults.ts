import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';

/** What the KMS can be ordered to do wrong; CONTROL.md says what each does. */
export const KMS_FAULT = z.strictObject({
  kind: z.enum([
    'down',
    'throttle',
    'fail',
    'bad-token',
    'forbid',
    'wrong-chain',
    'wrong-host',
    'expired-certificate',
    'other-key',
    'wrong-signer',
    'foreign-kid',
    'unsigned',
    'public-key-as-secret',
    'brief-channels',
    'reset',
    'tamper-answers',
    'garble-answers',
    'lose-answers',
    'repeat-answers',
    'replay-answers',
    'shuffle-answers',
    'refuse-keys',
    'forget-keys',
    'revoke-keys',
    'revoke-all',
    'move-keys',
    'move-in-circles',
    'none',
  ]),
  /** How often it happens; without it until it is switched off. */
  times: z.int().min(1).optional(),
});
export type KmsFault = z.infer<typeof KMS_FAULT>;

export const KMS_SIGNATURE = z.strictObject({ algorithm: z.enum(['RS256', 'PS256']) });
export type KmsSignature = z.infer<typeof KMS_SIGNATURE>;

/** Switches a misbehaviour; it stays over a restart of the cloud. `none` ends it. */
export function setFault(context: CloudContext, fault: KmsFault): void {
  context.disk.table<KmsFault>('kms-fault').put('fault', fault);
}

/** Whether to misbehave in this way now; uses up one of the `times`. */
export function takeFault(context: CloudContext, kind: KmsFault['kind']): boolean {
  const table = context.disk.table<KmsFault>('kms-fault');
  const fault = table.get('fault');
  if (fault?.kind !== kind) return false;
  if (fault.times !== undefined) {
    table.put('fault', fault.times > 1 ? { kind, times: fault.times - 1 } : { kind: 'none' });
  }
  return true;
}

/** The one of these ways to misbehave in now; null for none. */
export function takeOneOf<K extends KmsFault['kind']>(context: CloudContext, kinds: readonly K[]): K | null {
  return kinds.find((kind) => takeFault(context, kind)) ?? null;
}

export function setSignature(context: CloudContext, signature: KmsSignature): void {
  context.disk.table<KmsSignature>('kms-signature').put('signature', signature);
}

/** How answers outside of a channel are signed. */
export function signatureAlgorithm(context: CloudContext): KmsSignature['algorithm'] {
  return context.disk.table<KmsSignature>('kms-signature').get('signature')?.algorithm ?? 'RS256';
}
