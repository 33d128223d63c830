import type { CloudContext } from '../cloud-context.ts';
import type { Person } from '../directory.ts';
import type { Table } from '../disk.ts';

/** Names that people gave to their personal rooms since, by their UUID at Webex. */
export const roomNameTable = (context: CloudContext): Table<string> =>
  context.disk.table<string>('webex-room-names');

/** What stands in `https://<site>/meet/<name>` now. */
export function roomNameOf(context: CloudContext, { webexUserId, roomName }: Person): string {
  return roomNameTable(context).get(webexUserId) ?? roomName;
}
