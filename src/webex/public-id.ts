const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const GLOBAL_ID = new RegExp(`^ciscospark://[^/]+/([A-Z]+)/(${UUID})$`, 'i');

/** Public ids are base64url around the UUID that the other services use (reference: webex.md 4.1). Null for another kind. */
export function uuidIn(id: string, kinds: readonly string[]): string | null {
  const [, kind = '', uuid] = GLOBAL_ID.exec(Buffer.from(id, 'base64url').toString('utf8')) ?? [];
  return uuid !== undefined && kinds.includes(kind.toUpperCase()) ? uuid.toLowerCase() : null;
}

/** The public id of a UUID in the cluster where Webex looks first. */
export function publicId(kind: 'PEOPLE' | 'ROOM', uuid: string): string {
  return Buffer.from(`ciscospark://us/${kind}/${uuid}`, 'utf8').toString('base64url');
}
