import type { Context } from 'hono';
import type { CloudContext } from '../../cloud-context.ts';
import { personAt } from '../person-index.ts';
import { webexError } from '../webex-error.ts';
import { authenticateWebex } from '../webex-token.ts';

/** Who calls, and whose meetings it is about. */
export interface HostCall {
  readonly callerId: string;
  readonly hostUserId: string;
  readonly isAdmin: boolean;
}

/**
 * Whose meetings a call is about: those of the token's own user, or with an administrator's scopes those of `hostEmail`. A
 * Response refuses the call.
 */
export function hostOf(
  context: CloudContext,
  c: Context,
  hostEmail: string | undefined,
): HostCall | Response {
  const account = authenticateWebex(context, c.req.raw);
  if (account === null) return webexError(c, 401);
  if (account.role === 'room') return webexError(c, 403);
  const isAdmin = account.role === 'service-app';
  const callerId = account.userId;
  if (hostEmail === undefined) return { callerId, hostUserId: callerId, isAdmin };
  if (!isAdmin) return webexError(c, 403, 'hostEmail is for administrators');
  const host = personAt(context, hostEmail);
  if (host === undefined) return webexError(c, 404, 'there is no such host');
  return { callerId, hostUserId: host.webexUserId, isAdmin };
}
