import { getDomain } from 'tldts';

/** A link as it may be opened. */
export interface WebAddress {
  /** Scheme and host in lower case, everything else as it stood in the invitation. */
  readonly address: string;
  /** Without the colon: `https`, or a scheme of a provider's own. */
  readonly scheme: string;
  readonly host: string;
  /** Between the slashes of the path; empty ones are left out. */
  readonly path: readonly string[];
  /** By lower-case name; the first of several counts. */
  readonly query: ReadonlyMap<string, string>;
  /** Behind `#`. */
  readonly fragment: string;
}

const LONGEST = 16_384;
const LONGEST_HOST = 253;
const AUTHORITY = /^([a-z][a-z0-9+.-]{0,30}):\/\/([^/?#\\]*)/i;
/** Browsers drop these inside an address; a long link may have been folded with them. */
const FOLDS = /[\t\r\n]+/g;

/**
 * Reads a link; null when it is none that may win: another scheme than https and `schemes`, user information before the host (a
 * trick to look like another host), or longer than anybody's.
 */
export function readWebAddress(text: string, schemes: ReadonlySet<string>): WebAddress | null {
  if (text.length > LONGEST) return null;
  const raw = text.trim().replace(FOLDS, '');
  const url = URL.parse(raw);
  if (url === null) return null;
  const scheme = url.protocol.slice(0, -1);
  if (scheme !== 'https' && !schemes.has(scheme)) return null;
  const host = url.hostname.toLowerCase().replace(/\.$/, '');
  if (url.username !== '' || url.password !== '' || host.length > LONGEST_HOST) return null;
  if (scheme === 'https' && host === '') return null;
  return new ReadAddress(raw, url, scheme, host);
}

/** Most links are ordinary ones, of which only the host is ever asked. */
class ReadAddress implements WebAddress {
  readonly scheme: string;
  readonly host: string;
  readonly #raw: string;
  readonly #url: URL;
  #path: readonly string[] | undefined;
  #query: ReadonlyMap<string, string> | undefined;

  constructor(raw: string, url: URL, scheme: string, host: string) {
    this.#raw = raw;
    this.#url = url;
    this.scheme = scheme;
    this.host = host;
  }

  get address(): string {
    return written(this.#raw, this.#url);
  }

  get path(): readonly string[] {
    this.#path ??= this.#url.pathname.split('/').filter((segment) => segment !== '');
    return this.#path;
  }

  get query(): ReadonlyMap<string, string> {
    this.#query ??= queryOf(this.#url);
    return this.#query;
  }

  get fragment(): string {
    return this.#url.hash.slice(1);
  }
}

/** As it stood, but for the case of scheme and host; what a browser would have to mend is written the browser's way. */
function written(raw: string, url: URL): string {
  const [start, scheme = '', authority = ''] = AUTHORITY.exec(raw) ?? [];
  const plain = start !== undefined && authority !== '' && !/[\s\\]|[^\x21-\x7e]/.test(authority);
  if (!plain || /\s/.test(raw)) return url.href;
  return `${scheme.toLowerCase()}://${authority.toLowerCase()}${raw.slice(start.length)}`;
}

function queryOf(url: URL): Map<string, string> {
  const query = new Map<string, string>();
  for (const [name, value] of url.searchParams) {
    const key = name.toLowerCase();
    if (!query.has(key)) query.set(key, value);
  }
  return query;
}

/** Whether something stands before the host's registrable domain. */
export function hasSubdomain(host: string): boolean {
  return (getDomain(host) ?? host) !== host;
}

/** Whether the host is named below a public suffix: no address of a machine, no single word, no suffix itself. */
export function isPublicHost(host: string): boolean {
  return getDomain(host) !== null;
}
