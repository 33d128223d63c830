import type { CloudContext } from '../cloud-context.ts';
import { takeFault, takeOneOf } from './kms-faults.ts';
import { KmsRefusal } from './kms-refusal.ts';
import type { KmsVault, StoredKey } from './kms-vault.ts';

const FLAWS = ['refuse-keys', 'forget-keys', 'move-keys', 'move-in-circles'] as const;

/** Refuses whatever is asked for: the main key of the organisation is revoked, or the KMS is ill (reference: webex.md 2.7). */
export function refuseAll(context: CloudContext): void {
  if (takeFault(context, 'revoke-all'))
    throw new KmsRefusal(405, 'The key is revoked.', { errorCode: 405006 });
  if (takeFault(context, 'fail')) throw new KmsRefusal(503, 'The key store does not answer.');
}

/** Gives out no key that it knows. */
export function refuseRevoked(context: CloudContext): void {
  if (takeFault(context, 'revoke-keys'))
    throw new KmsRefusal(405, 'The key is revoked.', { errorCode: 405005 });
}

/** Refuses one key on order. A key that was moved stays where it moved to. */
export function refuseKey(context: CloudContext, vault: KmsVault, { uri }: StoredKey): void {
  refuseRevoked(context);
  switch (takeOneOf(context, FLAWS)) {
    case 'refuse-keys':
      throw new KmsRefusal(403, 'Forbidden - the user is not authorized on the resource.');
    case 'forget-keys':
      throw new KmsRefusal(404, 'Key not found.');
    case 'move-keys':
      vault.moveKey(uri);
      return;
    case 'move-in-circles':
      throw new KmsRefusal(301, 'The key has moved.', { errorCode: 301002, redirectUri: uri });
    case null:
      return;
  }
}
