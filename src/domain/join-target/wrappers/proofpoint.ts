import { decodedOnce, fromBase64, isBelow, type Unwrapped, type Wrapper } from './wrapper.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const HOSTS = ['urldefense.com', 'urldefense.us', 'urldefense.eu', 'urldefense.proofpoint.com'] as const;

/** Proofpoint URL Defense in its three encodings. */
export const proofpoint: Wrapper = (link) => {
  if (!HOSTS.some((host) => isBelow(link.host, host))) return null;
  const [version = ''] = link.path;
  const target = DECODERS[version.toLowerCase()]?.(link.address, link.query.get('u') ?? '') ?? null;
  return wrapped(target === '' ? null : target);
};

const DECODERS: Readonly<Record<string, (address: string, u: string) => string | null>> = {
  v1: (_address, u) => u,
  // Percent signs became hyphens, slashes underscores, before the whole was encoded.
  v2: (_address, u) => decodedOnce(u.replaceAll('-', '%').replaceAll('_', '/')),
  v3: (address) => thirdVersion(address),
};

/**
 * `/v3/__<link>__;<base64>!!…`: every `*` of the link stands for the next character of the base64 part, and `**` with a letter behind
 * it for a run of two or more.
 */
function thirdVersion(address: string): string | null {
  const start = address.indexOf('/v3/__');
  const end = address.lastIndexOf('__;');
  if (start < 0 || end < start + 6) return null;
  const tail = address.slice(end + 3);
  const removed = new TextDecoder().decode(fromBase64(tail.slice(0, Math.max(0, tail.indexOf('!')))));
  const chars = [...removed];
  let used = 0;
  const link = address.slice(start + 6, end).replaceAll(/\*\*(.)|\*/g, (_all, code: string | undefined) => {
    const run = code === undefined ? 1 : ALPHABET.indexOf(code) + 2;
    used += run;
    return chars.slice(used - run, used).join('');
  });
  // Some gateways fold the two slashes behind the scheme into one.
  return link.replace(/^(https?):\/(?!\/)/i, '$1://');
}

function wrapped(target: string | null): Unwrapped {
  return { wrapper: 'proofpoint', target };
}
