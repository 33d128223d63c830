/** Ids as the public REST API gives them out: base64url of a URI around the UUID (reference: webex.md 4.1). */
export function publicId(kind: 'PEOPLE' | 'PLACES' | 'ORGANIZATION', uuid: string): string {
  return encode(`ciscospark://us/${kind}/${uuid}`);
}

/** Devices belong to a region's team. */
export function publicDeviceId(uuid: string): string {
  return encode(`ciscospark://urn:TEAM:us-east-2_a/DEVICE/${uuid}`);
}

function encode(uri: string): string {
  return Buffer.from(uri).toString('base64url');
}
