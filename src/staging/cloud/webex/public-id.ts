export type PublicKind = 'PEOPLE' | 'PLACES' | 'ORGANIZATION' | 'ROOM' | 'MEMBERSHIP';

/** Ids as the public REST API gives them out: base64url of a URI around the UUID (reference: webex.md 4.1). */
export function publicId(kind: PublicKind, uuid: string): string {
  return encode(`ciscospark://us/${kind}/${uuid}`);
}

/** What `publicId` was made from; null for an id of another kind. */
export function uuidOf(kind: PublicKind, id: string): string | null {
  const beginning = `ciscospark://us/${kind}/`;
  const uri = Buffer.from(id, 'base64url').toString();
  return uri.startsWith(beginning) ? uri.slice(beginning.length) : null;
}

/** Devices belong to a region's team. */
export function publicDeviceId(uuid: string): string {
  return encode(`ciscospark://urn:TEAM:us-east-2_a/DEVICE/${uuid}`);
}

function encode(uri: string): string {
  return Buffer.from(uri).toString('base64url');
}
