const HEAD_LENGTH = 40;
const TICKS_PER_DAY = 864_000_000_000n;
// Days from 1 January 0001, where the ticks begin, to 1 January 1970.
const EPOCH_DAYS = 719_162n;
// And to 31 December 9999.
const LAST_DAY = 2_932_896n;
const DATE_AT = 32;

/** Base64 as Exchange writes it into ids: `/` becomes `-` and `+` becomes `_`. */
export function idOfBytes(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('/', '-').replaceAll('+', '_');
}

/** The base64 behind an id, as web links hold it. */
export function base64OfId(id: string): string {
  return id.replaceAll('-', '/').replaceAll('_', '+');
}

/**
 * The id of the occurrence of a day (`yyyy-mm-dd`): the series' own id with the day in it, in ticks. Layout as in the recorded
 * ids of one series: a head of 40 bytes, kind and length, the ticks, the item's key behind its length.
 */
export function occurrenceId(masterId: string, slot: string): string {
  const master = Buffer.from(base64OfId(masterId), 'base64');
  const key = master.subarray(HEAD_LENGTH + 3);
  const ticks = Buffer.alloc(8);
  ticks.writeBigUInt64BE((EPOCH_DAYS + BigInt(Date.parse(slot) / 86_400_000)) * TICKS_PER_DAY);
  const kind = Buffer.from([1, key.length + 11, 0, 8]);
  const head = master.subarray(0, HEAD_LENGTH);
  return idOfBytes(Buffer.concat([head, kind, ticks, Buffer.from([key.length]), key, Buffer.from([0x10])]));
}

/** The series and the day of an occurrence's id; null for the id of anything else. */
export function readOccurrenceId(id: string): { readonly masterId: string; readonly slot: string } | null {
  const bytes = Buffer.from(base64OfId(id), 'base64');
  if (bytes.length < HEAD_LENGTH + 14 || bytes[HEAD_LENGTH] !== 1) return null;
  const days = bytes.readBigUInt64BE(HEAD_LENGTH + 4) / TICKS_PER_DAY - EPOCH_DAYS;
  if (days < -EPOCH_DAYS || days > LAST_DAY) return null;
  const slot = new Date(Number(days) * 86_400_000).toISOString().slice(0, 10);
  const key = bytes.subarray(HEAD_LENGTH + 13, -1);
  const masterId = idOfBytes(
    Buffer.concat([bytes.subarray(0, HEAD_LENGTH), Buffer.from([0, key.length, 0]), key]),
  );
  // Whatever does not give the same id again never was one.
  return occurrenceId(masterId, slot) === id ? { masterId, slot } : null;
}

/** What `cancelledOccurrences` lists (reference: graph.md 3.3). */
export function cancelledOccurrence(masterId: string, slot: string): string {
  return `OID.${masterId}.${slot}`;
}

/** The iCalUId of one occurrence: that of the series with year, month and day in their four bytes (recorded so). */
export function occurrenceUid(masterUid: string, slot: string): string {
  const [year = '', month = '', day = ''] = slot.split('-');
  const hex = [
    Number(year).toString(16).padStart(4, '0'),
    ...[month, day].map((one) => Number(one).toString(16).padStart(2, '0')),
  ];
  return `${masterUid.slice(0, DATE_AT)}${hex.join('').toUpperCase()}${masterUid.slice(DATE_AT + 8)}`;
}

/** The series and the day in an iCalUId; the day is null in that of a series or a single meeting. */
export function readOccurrenceUid(uid: string): { readonly uid: string; readonly slot: string | null } {
  const hex = uid.slice(DATE_AT, DATE_AT + 8);
  if (!/^[0-9A-F]{8}$/.test(hex) || /^0+$/.test(hex)) return { uid, slot: null };
  const [year, month, day] = [hex.slice(0, 4), hex.slice(4, 6), hex.slice(6)].map((one) =>
    String(Number.parseInt(one, 16)),
  );
  const slot = `${year?.padStart(4, '0')}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`;
  return { uid: `${uid.slice(0, DATE_AT)}00000000${uid.slice(DATE_AT + 8)}`, slot };
}
