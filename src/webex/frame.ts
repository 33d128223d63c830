import { z } from 'zod';

const READY = new Set(['mercury.buffer_state', 'mercury.registration_status']);
const KMS_MESSAGE = 'encryption.kms_message';

/** Longer ones than this lead nowhere. */
const LONGEST_PATH = 200;

const FRAME = z.object({
  id: z.string().optional(),
  type: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  headers: z.record(z.string().max(LONGEST_PATH), z.unknown()).optional(),
});
const DATA = z.object({ eventType: z.string().optional(), encryption: z.unknown().optional() });
const ENCRYPTION = z.object({ kmsMessages: z.array(z.string()) });

/** What a text frame of the event WebSocket says (reference: webex.md 1.9). */
export type Frame =
  | { readonly kind: 'ping' | 'pong'; readonly id: string | undefined }
  | {
      readonly kind: 'event';
      /** To be acknowledged. */
      readonly id: string | undefined;
      /** Webex accepted the authorization. */
      readonly ready: boolean;
      readonly kmsMessages: readonly string[];
    }
  | { readonly kind: 'unknown' };

/** Never throws: an unreadable frame is `unknown`, and the next one may be fine. */
export function readFrame(text: string): Frame {
  const frame = FRAME.safeParse(parse(text)).data;
  if (frame === undefined) return { kind: 'unknown' };
  const { id, type, headers = {} } = frame;
  if (type === 'ping' || type === 'pong') return { kind: type, id };
  const data = frame.data === undefined ? undefined : DATA.safeParse(withHeaders(frame.data, headers)).data;
  if (data === undefined) return { kind: 'unknown' };
  const eventType = data.eventType ?? '';
  const kmsMessages =
    eventType === KMS_MESSAGE ? (ENCRYPTION.safeParse(data.encryption).data?.kmsMessages ?? []) : [];
  return { kind: 'event', id, ready: READY.has(eventType), kmsMessages };
}

type Members = Readonly<Record<string, unknown>>;

/** Headers are paths of members, with dots, whose values stand in place of those in the data. */
function withHeaders(data: Members, headers: Members): Members {
  return Object.entries(headers).reduce((all, [path, value]) => placed(all, path.split('.'), value), data);
}

function placed(data: Members, [step = '', ...more]: readonly string[], value: unknown): Members {
  // A name of its own, whatever it is: the prototype stays out of it.
  const inner = Object.hasOwn(data, step) ? data[step] : undefined;
  const below = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? { ...inner } : {};
  const written = more.length === 0 ? value : placed(below, more, value);
  return Object.fromEntries([...Object.entries(data), [step, written]]);
}

/** The first frame: who we are. */
export function authorizationFrame(id: string, token: string): string {
  return JSON.stringify({
    id,
    type: 'authorization',
    data: { token: `Bearer ${token}` },
    trackingId: `HYBRID-CALENDAR_${id}`,
  });
}

export function ackFrame(messageId: string): string {
  return JSON.stringify({ messageId, type: 'ack' });
}

export function pingFrame(id: string): string {
  return JSON.stringify({ id, type: 'ping' });
}

export function pongFrame(id: string | undefined): string {
  return JSON.stringify({ id, type: 'pong' });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
