import { randomBytes } from 'node:crypto';
import type { CloudContext } from '../cloud-context.ts';

interface Replica {
  readonly guid: string;
  readonly counter: number;
}

/** The next version mark in a mailbox: base64 of a 16-byte replica GUID and a 6-byte counter (reference: graph.md 2.4). */
export function nextChangeKey(context: CloudContext, mailbox: string): string {
  const table = context.disk.table<Replica>('graph-replicas');
  const { guid, counter } = table.get(mailbox) ?? { guid: randomBytes(16).toString('hex'), counter: 0xa11ce };
  table.put(mailbox, { guid, counter: counter + 1 });
  const bytes = Buffer.alloc(22);
  bytes.write(guid, 'hex');
  bytes.writeUIntBE(counter + 1, 16, 6);
  return bytes.toString('base64');
}

export function etagOf(changeKey: string): string {
  return `W/"${changeKey}"`;
}

/** The etag in notifications: the same 22 bytes behind the kind of item (15, an event) and their length. */
export function notificationEtag(changeKey: string): string {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(0x0f, 0);
  header.writeUInt32LE(22, 4);
  return etagOf(Buffer.concat([header, Buffer.from(changeKey, 'base64')]).toString('base64'));
}
