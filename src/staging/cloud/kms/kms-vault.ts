import { randomBytes, randomUUID } from 'node:crypto';
import type { CloudContext } from '../cloud-context.ts';
import type { Table } from '../disk.ts';
import { KMS_CLUSTER } from './kms-identity.ts';
import { KmsRefusal } from './kms-refusal.ts';

const BIND_WITHIN_MS = 3_600_000;
const SEAL_FOR_MS = 90 * 86_400_000;
/** Resources may be authorised on resources; a circle of them must not hang the service. */
const MOST_INHERITANCE = 4;

/** Who asks: authenticated, with the device the answer goes to. */
export interface Caller {
  readonly userId: string;
  readonly clientId: string;
}

export interface StoredKey {
  readonly uri: string;
  readonly jwk: { readonly kid: string; readonly kty: 'oct'; readonly k: string };
  readonly userId: string;
  readonly clientId: string;
  readonly createDate: string;
  /** Unbound: last moment to bind. Bound: last moment to seal. */
  readonly expirationDate: string;
  readonly resourceUri?: string;
  readonly bindDate?: string;
  /** Asked for, it answers only where it is now. */
  readonly movedTo?: string;
}

export interface Authorization {
  readonly uri: string;
  /** UUID of a user, or the URI of a resource whose users inherit. */
  readonly authId: string;
  readonly resourceUri: string;
  readonly createDate: string;
}

export interface Resource {
  readonly uri: string;
  readonly keyUris: readonly string[];
  readonly authorizations: readonly Authorization[];
  readonly expirationDate?: string;
}

/** Keys, resources and authorizations on the cloud's disk, with the rules of who may do what (reference: webex.md 2.5, 2.6). */
export class KmsVault {
  readonly #context: CloudContext;
  readonly #keys: Table<StoredKey>;
  readonly #resources: Table<Resource>;

  constructor(context: CloudContext) {
    this.#context = context;
    this.#keys = context.disk.table('kms-keys');
    this.#resources = context.disk.table('kms-resources');
  }

  createKeys(caller: Caller, count: number): StoredKey[] {
    return this.#context.disk.transaction(() => Array.from({ length: count }, () => this.#createKey(caller)));
  }

  /** Unbound: for its creator only. Bound: for everybody who is authorised on its resource. */
  readKey(caller: Caller, uri: string): StoredKey {
    const key = this.#keys.get(uri);
    if (key === undefined) throw new KmsRefusal(404, 'Key not found.');
    if (key.movedTo !== undefined) throw movedKey(key.movedTo);
    if (key.resourceUri === undefined) {
      if (key.userId !== caller.userId)
        throw new KmsRefusal(403, 'Forbidden - the key belongs to another user.');
    } else this.readResource(caller, key.resourceUri);
    return key;
  }

  /** Gives a key another address (reference: webex.md 2.7, 301002); what it sealed stays under its old one. */
  moveKey(uri: string): void {
    const key = this.#keys.get(uri);
    if (key === undefined) throw new KmsRefusal(404, 'Key not found.');
    const movedTo = `${KMS_CLUSTER}/keys/${randomUUID()}`;
    const resource = this.#resources.get(key.resourceUri ?? '');
    this.#context.disk.transaction(() => {
      this.#keys.put(movedTo, { ...key, uri: movedTo, jwk: { ...key.jwk, kid: movedTo } });
      this.#keys.put(uri, { ...key, movedTo });
      if (resource === undefined) return;
      const keyUris = resource.keyUris.map((one) => (one === uri ? movedTo : one));
      this.#resources.put(resource.uri, { ...resource, keyUris });
    });
  }

  /** Refuses a key that is not the caller's own (403), already bound (409) or no longer bindable (410). */
  bindKey(caller: Caller, uri: string, resourceUri: string): StoredKey {
    this.#assertBindable(caller, uri);
    const resource = this.readResource(caller, resourceUri);
    return this.#context.disk.transaction(() => {
      this.#resources.put(resource.uri, { ...resource, keyUris: [...resource.keyUris, uri] });
      return this.#bind(uri, resourceUri);
    });
  }

  /** The creator is always authorised. `ttl` in seconds; 0 means for ever. */
  createResource(
    caller: Caller,
    authIds: readonly string[],
    keyUris: readonly string[],
    ttl: number,
  ): Resource {
    for (const uri of keyUris) this.#assertBindable(caller, uri);
    const uri = `${KMS_CLUSTER}/resources/${randomUUID()}`;
    const readers = [...new Set([caller.userId, ...authIds])];
    const resource: Resource = {
      uri,
      keyUris,
      authorizations: readers.map((authId) => this.#authorization(uri, authId)),
      ...(ttl > 0 && { expirationDate: dateOf(this.#context.clock.now() + ttl * 1000) }),
    };
    return this.#context.disk.transaction(() => {
      this.#resources.put(uri, resource);
      for (const keyUri of keyUris) this.#bind(keyUri, uri);
      return resource;
    });
  }

  readResource(caller: Caller, uri: string): Resource {
    const resource = this.#resources.get(uri);
    if (resource === undefined) throw new KmsRefusal(404, 'Resource not found.');
    if (
      resource.expirationDate !== undefined &&
      Date.parse(resource.expirationDate) <= this.#context.clock.now()
    )
      throw new KmsRefusal(410, 'The resource has expired.');
    if (!this.#isAuthorized(resource, caller.userId, 0))
      throw new KmsRefusal(403, 'Forbidden - the user is not authorized on the resource.');
    return resource;
  }

  keysOf(resource: Resource): StoredKey[] {
    return resource.keyUris.flatMap((uri) => this.#keys.get(uri) ?? []);
  }

  /** Those who are authorised already are answered with what they have. */
  authorize(caller: Caller, resourceUri: string, authIds: readonly string[]): Authorization[] {
    const resource = this.readResource(caller, resourceUri);
    const asked = [...new Set(authIds)];
    const present = new Set(resource.authorizations.map(({ authId }) => authId));
    const fresh = asked.filter((id) => !present.has(id)).map((id) => this.#authorization(resourceUri, id));
    const authorizations = [...resource.authorizations, ...fresh];
    this.#resources.put(resourceUri, { ...resource, authorizations });
    return authorizations.filter(({ authId }) => asked.includes(authId));
  }

  /** Any authorised user may remove any other and in the end itself; 404 when none of them was authorised. */
  withdraw(caller: Caller, resourceUri: string, authIds: readonly string[]): Authorization[] {
    const resource = this.readResource(caller, resourceUri);
    const gone = resource.authorizations.filter(({ authId }) => authIds.includes(authId));
    if (gone.length === 0) throw new KmsRefusal(404, 'Authorization not found.');
    const authorizations = resource.authorizations.filter((one) => !gone.includes(one));
    this.#resources.put(resourceUri, { ...resource, authorizations });
    return gone;
  }

  #createKey({ userId, clientId }: Caller): StoredKey {
    const uri = `${KMS_CLUSTER}/keys/${randomUUID()}`;
    const jwk = { kid: uri, kty: 'oct', k: randomBytes(32).toString('base64url') } as const;
    const now = this.#context.clock.now();
    const key: StoredKey = {
      uri,
      jwk,
      userId,
      clientId,
      createDate: dateOf(now),
      expirationDate: dateOf(now + BIND_WITHIN_MS),
    };
    this.#keys.put(uri, key);
    return key;
  }

  #assertBindable(caller: Caller, uri: string): void {
    const key = this.#keys.get(uri);
    if (key === undefined) throw new KmsRefusal(404, 'Key not found.');
    if (key.userId !== caller.userId)
      throw new KmsRefusal(403, 'Forbidden - the key belongs to another user.');
    if (key.resourceUri !== undefined) throw new KmsRefusal(409, 'The key is already bound.');
    if (Date.parse(key.expirationDate) <= this.#context.clock.now())
      throw new KmsRefusal(410, 'The key was not bound in time.');
  }

  #bind(uri: string, resourceUri: string): StoredKey {
    const key = this.#keys.get(uri);
    if (key === undefined) throw new KmsRefusal(404, 'Key not found.');
    const now = this.#context.clock.now();
    const dates = { bindDate: dateOf(now), expirationDate: dateOf(now + SEAL_FOR_MS) };
    const bound = { ...key, resourceUri, ...dates };
    this.#keys.put(uri, bound);
    return bound;
  }

  #authorization(resourceUri: string, authId: string): Authorization {
    return {
      uri: `${KMS_CLUSTER}/authorizations/${randomUUID()}`,
      authId,
      resourceUri,
      createDate: dateOf(this.#context.clock.now()),
    };
  }

  #isAuthorized(resource: Resource, userId: string, depth: number): boolean {
    return resource.authorizations.some(({ authId }) => {
      if (authId === userId) return true;
      const parent = depth < MOST_INHERITANCE ? this.#resources.get(authId) : undefined;
      return parent !== undefined && this.#isAuthorized(parent, userId, depth + 1);
    });
  }
}

function movedKey(redirectUri: string): KmsRefusal {
  return new KmsRefusal(301, 'The key has moved.', { errorCode: 301002, redirectUri });
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString();
}
