import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { CloudContext } from '../cloud-context.ts';
import type { AppRegistration } from '../directory.ts';
import { mintToken, registrationOf, sameText, TOKEN_LIFE_S } from './access-token.ts';
import { refuseAssertion } from './client-assertion.ts';
import { type Refusal, refusal } from './refusal.ts';

export { authenticateGraph } from './access-token.ts';

/** A GUID or a domain; anything else is told apart from a tenant that does not exist. */
const TENANT = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[\w-]+(?:\.[\w-]+)+)$/;

/** The simulated Microsoft Entra: discovery, and client credentials by secret or certificate (reference: graph.md 8.3, 8.4). */
export function loginService(context: CloudContext): Hono {
  const app = new Hono();
  app.get('/:tenant/v2.0/.well-known/openid-configuration', (c) => {
    const refusal = refuseTenant(context, c.req.param('tenant'));
    return refusal === null ? c.json(discovery(context)) : refuse(context, c, refusal);
  });
  // Access tokens are opaque to everyone but Graph: there is no public key to publish.
  app.get('/:tenant/discovery/v2.0/keys', (c) => c.json({ keys: [] }));
  app.post('/:tenant/oauth2/v2.0/token', (c) => grant(context, c, c.req.param('tenant')));
  return app;
}

async function grant(context: CloudContext, c: Context, tenant: string): Promise<Response> {
  c.header('Cache-Control', 'no-store, no-cache');
  const form = new URLSearchParams(await c.req.text());
  const asked = await judge(context, tenant, form);
  if ('number' in asked) return refuse(context, c, asked);
  context.tell({ where: 'login', what: `${asked.displayName} gets a token for Graph` });
  return c.json({
    token_type: 'Bearer',
    expires_in: TOKEN_LIFE_S,
    ext_expires_in: TOKEN_LIFE_S,
    access_token: mintToken(context, asked),
  });
}

async function judge(
  context: CloudContext,
  tenant: string,
  form: URLSearchParams,
): Promise<AppRegistration | Refusal> {
  const wrongTenant = refuseTenant(context, tenant);
  if (wrongTenant !== null) return wrongTenant;
  if (form.get('grant_type') !== 'client_credentials') {
    return refusal(400, 'unsupported_grant_type', 70003, 'The app requested an unsupported grant type.');
  }
  const clientId = form.get('client_id') ?? '';
  const registration = registrationOf(context, clientId);
  if (registration === null) {
    return refusal(
      400,
      'unauthorized_client',
      700016,
      `Application '${clientId}' was not found in the directory.`,
    );
  }
  const unproven = form.has('client_assertion')
    ? await refuseAssertion(context, registration, form)
    : refuseSecret(registration, form);
  return unproven ?? refuseScope(context, form) ?? registration;
}

function refuseTenant(context: CloudContext, tenant: string): Refusal | null {
  const domain = context.directory.people[0]?.address.split('@')[1];
  const asked = tenant.toLowerCase();
  if (asked === context.directory.tenantId || asked === domain) return null;
  if (!TENANT.test(asked)) {
    return refusal(
      400,
      'invalid_request',
      900023,
      `Specified tenant identifier '${tenant}' is neither a valid DNS name, nor a valid external domain.`,
    );
  }
  return refusal(
    400,
    'invalid_request',
    90002,
    `Tenant '${tenant}' not found. Check that the tenant id is correct.`,
  );
}

function refuseSecret(registration: AppRegistration, form: URLSearchParams): Refusal | null {
  const secret = form.get('client_secret');
  if (secret === null) {
    return refusal(
      401,
      'invalid_client',
      7000218,
      "The request body must contain: 'client_assertion' or 'client_secret'.",
    );
  }
  if (sameText(secret, registration.clientSecret)) return null;
  return refusal(401, 'invalid_client', 7000215, 'Invalid client secret provided.');
}

function refuseScope(context: CloudContext, form: URLSearchParams): Refusal | null {
  const allowed = new Set(['https://graph.microsoft.com/.default', `${context.baseUrl}/.default`]);
  // Client libraries add the OpenID scopes out of habit; Entra passes over them.
  const asked = (form.get('scope') ?? '')
    .split(' ')
    .filter((one) => !/^(openid|profile|offline_access)?$/.test(one));
  if (asked.length === 1 && asked.every((one) => allowed.has(one))) return null;
  return refusal(
    400,
    'invalid_scope',
    1002012,
    'Client credential flows must have a scope with /.default suffixed to it.',
  );
}

function refuse(context: CloudContext, c: Context, { status, error, number, text }: Refusal): Response {
  const timestamp = new Date(context.clock.now()).toISOString().replace('T', ' ').replace(/\..*/, 'Z');
  const [trace, correlation] = [randomUUID(), c.req.query('client-request-id') ?? randomUUID()];
  context.tell({ where: 'login', what: `a token is refused: AADSTS${number}` });
  return c.json(
    {
      error,
      error_description: `AADSTS${number}: ${text} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
      error_codes: [number],
      timestamp,
      trace_id: trace,
      correlation_id: correlation,
    },
    status,
  );
}

function discovery(context: CloudContext): object {
  const { tenantId } = context.directory;
  const root = `${context.baseUrl}/${tenantId}`;
  return {
    issuer: `${root}/v2.0`,
    authorization_endpoint: `${root}/oauth2/v2.0/authorize`,
    token_endpoint: `${root}/oauth2/v2.0/token`,
    end_session_endpoint: `${root}/oauth2/v2.0/logout`,
    jwks_uri: `${root}/discovery/v2.0/keys`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid'],
    tenant_region_scope: 'EU',
    cloud_instance_name: 'microsoftonline.com',
    msgraph_host: 'graph.microsoft.com',
  };
}
