import { z } from 'zod';
import type { CloudContext } from '../../cloud-context.ts';
import type { Table } from '../../disk.ts';
import { GraphRefusal } from '../graph-refusal.ts';

/** The tenant's consent to the appliance. `withdrawn` says how its calls are answered meanwhile (reference: graph.md 1.5). */
export const CONSENT = z.strictObject({
  withdrawn: z.union([
    z.literal(false),
    z.enum([
      'Authorization_RequestDenied',
      'Authorization_IdentityNotFound',
      'InvalidAuthenticationToken',
      'empty-401',
    ]),
  ]),
  subscriptions: z.enum(['silent', 'removed']).default('silent'),
});
export type Consent = z.infer<typeof CONSENT>;

const GIVEN: Consent = { withdrawn: false, subscriptions: 'silent' };

export function consentOf(context: CloudContext): Consent {
  return table(context).get('consent') ?? GIVEN;
}

export function setConsent(context: CloudContext, consent: Consent): void {
  table(context).put('consent', consent);
}

/** Why every call of the appliance is refused; null while the consent holds. */
export function consentRefusal(context: CloudContext): GraphRefusal | 'empty-401' | null {
  const { withdrawn } = consentOf(context);
  switch (withdrawn) {
    case false:
      return null;
    case 'empty-401':
      return withdrawn;
    case 'InvalidAuthenticationToken':
      return new GraphRefusal(401, withdrawn, 'Access token validation failure.');
    case 'Authorization_IdentityNotFound':
      return new GraphRefusal(
        403,
        withdrawn,
        'The identity of the calling application could not be established.',
      );
    case 'Authorization_RequestDenied':
      return new GraphRefusal(403, withdrawn, 'Insufficient privileges to complete the operation.');
  }
}

function table(context: CloudContext): Table<Consent> {
  return context.disk.table('graph-consent');
}
