import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import { KMS_CLUSTER } from './kms-identity.ts';
import { refuseAll, refuseKey, refuseRevoked } from './kms-key-faults.ts';
import { KmsRefusal } from './kms-refusal.ts';
import { type Caller, KmsVault, type Resource, type StoredKey } from './kms-vault.ts';

/** The plaintext of a request (reference: webex.md 2.3); what an operation needs besides lies next to these. */
const KMS_REQUEST = z.looseObject({
  client: z.looseObject({
    clientId: z.string().default(''),
    credential: z.looseObject({ userId: z.string(), bearer: z.string() }),
  }),
  method: z.enum(['create', 'retrieve', 'update', 'delete']),
  uri: z.string().min(1),
  requestId: z.string().min(1),
});
export type KmsRequest = z.infer<typeof KMS_REQUEST>;

/** An answer without its `requestId`. */
export type KmsReply = Readonly<Record<string, unknown>> & { readonly status: number };

interface Work {
  readonly context: CloudContext;
  readonly vault: KmsVault;
  readonly caller: Caller;
  readonly request: KmsRequest;
  /** The request's URI, absolute. */
  readonly uri: URL;
}
type Operation = (work: Work) => KmsReply;

const AUTH_ID = z.union([
  z.guid().transform((id) => id.toLowerCase()),
  z.string().startsWith(`${KMS_CLUSTER}/resources/`),
]);
const AUTH_IDS = z.object({ userIds: z.array(AUTH_ID).optional(), authIds: z.array(AUTH_ID).optional() });
const KEY_COUNT = z.object({ count: z.int().min(1).max(500) });
const BINDING = z.object({ resourceUri: z.string() });
const NEW_RESOURCE = AUTH_IDS.extend({
  keyUris: z.array(z.string()).min(1),
  ttl: z.int().min(0).max(315_360_000).default(0),
});
const KEY_RANGE = z.object({
  boundAfter: z.coerce.date().optional(),
  boundBefore: z.coerce.date().optional(),
  count: z.coerce.number().int().min(1).optional(),
});

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'create keys': createKeys,
  'retrieve keys/*': retrieveKey,
  'update keys/*': bindKey,
  'create resources': createResource,
  'retrieve resources/*': retrieveResource,
  'retrieve resources/*/keys': retrieveKeysOfResource,
  'create authorizations': createAuthorizations,
  'retrieve resources/*/authorizations': retrieveAuthorizations,
  'delete resources/*/authorizations': deleteAuthorizations,
  'update ping': () => ({ status: 200 }),
};

/** Throws KmsRefusal for what is no request. */
export function readRequest(content: unknown): KmsRequest {
  return fields(KMS_REQUEST, content);
}

/** Does what an authenticated request asks. Throws KmsRefusal. */
export function performOperation(context: CloudContext, caller: Caller, request: KmsRequest): KmsReply {
  const uri = absoluteUri(request.uri);
  const shape = shapeOf(uri);
  refuseAll(context);
  const operation = OPERATIONS[`${request.method} ${shape}`];
  if (operation === undefined) {
    const exists = Object.keys(OPERATIONS).some((name) => name.endsWith(` ${shape}`));
    throw new KmsRefusal(exists ? 405 : 404, exists ? 'Method not allowed.' : 'No such resource.');
  }
  return operation({ context, vault: new KmsVault(context), caller, request, uri });
}

/** The URI with the cluster in front when it was relative; another cluster's is refused with 404. */
export function absoluteUri(uri: string): URL {
  const absolute = URL.canParse(uri, KMS_CLUSTER) ? new URL(uri, KMS_CLUSTER) : null;
  if (absolute === null || !absolute.href.startsWith(`${KMS_CLUSTER}/`))
    throw new KmsRefusal(404, 'Not at this KMS.');
  return absolute;
}

/** `keys/<uuid>` becomes `keys/*`. */
function shapeOf(uri: URL): string {
  return uri.pathname.slice(1).replace(/^(\w+)\/[^/]+/, '$1/*');
}

function createKeys({ context, vault, caller, request }: Work): KmsReply {
  const keys = vault.createKeys(caller, fields(KEY_COUNT, request).count);
  context.tell({ where: 'kms', what: keys.length === 1 ? 'makes a key' : `makes ${keys.length} keys` });
  return { status: 201, keys };
}

function retrieveKey({ context, vault, caller, uri }: Work): KmsReply {
  const readable = vault.readKey(caller, uri.href);
  refuseKey(context, vault, readable);
  return { status: 200, key: vault.readKey(caller, uri.href) };
}

function bindKey({ vault, caller, request, uri }: Work): KmsReply {
  const { resourceUri } = fields(BINDING, request);
  return { status: 200, key: vault.bindKey(caller, uri.href, absoluteUri(resourceUri).href) };
}

function createResource({ context, vault, caller, request }: Work): KmsReply {
  const { keyUris, ttl } = fields(NEW_RESOURCE, request);
  const uris = [...new Set(keyUris.map((uri) => absoluteUri(uri).href))];
  const resource = vault.createResource(caller, authIdsOf(request), uris, ttl);
  context.tell({ where: 'kms', what: `binds a key for ${resource.authorizations.length} readers` });
  return { status: 201, resource: resourceView(resource) };
}

function retrieveResource({ vault, caller, uri }: Work): KmsReply {
  return { status: 200, resource: resourceView(vault.readResource(caller, uri.href)) };
}

function retrieveKeysOfResource({ context, vault, caller, request, uri }: Work): KmsReply {
  const resource = vault.readResource(caller, parentOf(uri));
  refuseRevoked(context);
  const range = fields(KEY_RANGE, { ...Object.fromEntries(uri.searchParams), ...request });
  const keys = vault.keysOf(resource).filter((key) => isWithin(key, range.boundAfter, range.boundBefore));
  // The list of a resource grows at its end, so the newest are the last.
  return { status: 200, keys: range.count === undefined ? keys : keys.slice(-range.count) };
}

function createAuthorizations({ vault, caller, request }: Work): KmsReply {
  const { resourceUri } = fields(BINDING, request);
  const authIds = authIdsOf(request);
  if (authIds.length === 0) throw new KmsRefusal(400, 'Nobody to authorize.');
  return { status: 201, authorizations: vault.authorize(caller, absoluteUri(resourceUri).href, authIds) };
}

function retrieveAuthorizations({ vault, caller, uri }: Work): KmsReply {
  const { authorizations } = vault.readResource(caller, parentOf(uri));
  const authId = uri.searchParams.get('authId')?.toLowerCase();
  const asked = authId === undefined ? authorizations : authorizations.filter((one) => one.authId === authId);
  return { status: 200, authorizations: asked };
}

function deleteAuthorizations({ context, vault, caller, request, uri }: Work): KmsReply {
  const inQuery = uri.searchParams.getAll('authId').map((id) => id.toLowerCase());
  const authIds = [...inQuery, ...authIdsOf(request)];
  if (authIds.length === 0) throw new KmsRefusal(400, 'authId is missing.');
  const authorizations = vault.withdraw(caller, parentOf(uri), authIds);
  context.tell({ where: 'kms', what: `withdraws ${authorizations.length} authorizations` });
  return { status: 200, authorizations };
}

function isWithin(key: StoredKey, after: Date | undefined, before: Date | undefined): boolean {
  const bound = Date.parse(key.bindDate ?? key.createDate);
  return (
    (after === undefined || bound >= after.getTime()) && (before === undefined || bound < before.getTime())
  );
}

/** The JS client says `userIds`, the draft says `authIds`: both count. */
function authIdsOf(request: KmsRequest): string[] {
  const { userIds = [], authIds = [] } = fields(AUTH_IDS, request);
  return [...userIds, ...authIds];
}

function resourceView({ authorizations, ...resource }: Resource): object {
  return { ...resource, authorizationUris: authorizations.map(({ uri }) => uri) };
}

/** `kms://host/resources/<id>` of `kms://host/resources/<id>/keys?…`. */
function parentOf(uri: URL): string {
  return `${KMS_CLUSTER}${uri.pathname.slice(0, uri.pathname.lastIndexOf('/'))}`;
}

function fields<T>(schema: z.ZodType<T>, request: unknown): T {
  const parsed = schema.safeParse(request);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new KmsRefusal(400, `Malformed request: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
  }
  return parsed.data;
}
