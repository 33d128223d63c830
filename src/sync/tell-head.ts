import { signedHead, signingPair } from './audit-head.ts';
import { type Closing, NOTHING } from './closing.ts';
import type { SyncDeps } from './sync-deps.ts';

/** Number of the row up to which a head was told last. */
const SETTING = 'audit-head-told';

/**
 * Puts a signed head of the audit log into the appliance's own log whenever there are new rows. Where that log is collected
 * elsewhere, a cut of the audit log shows against it. Where nothing is new, the pair that signs is still kept under the present
 * directory key. While the KMS is out of reach it all waits for the next round.
 */
export async function tellHead(deps: SyncDeps): Promise<Closing> {
  const { newest, told } = deps.store.read((r) => ({
    newest: r.auditLast(1)[0]?.seq ?? 0,
    told: Number(r.setting(SETTING) ?? 0),
  }));
  if (newest === told) {
    if (newest > 0) await signingPair(deps).catch(() => undefined);
    return NOTHING;
  }
  const head = await signedHead(deps, 1).catch(() => null);
  if (head === null) return NOTHING;
  return {
    write: (w) => w.setSetting(SETTING, String(head.last)),
    told: () => deps.events.auditHeadSigned(head),
  };
}
