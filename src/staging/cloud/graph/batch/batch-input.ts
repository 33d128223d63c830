import { z } from 'zod';
import { readObject } from '../event-input.ts';
import { GraphRefusal } from '../graph-refusal.ts';

const MOST_MEMBERS = 20;

const MEMBER = z.strictObject({
  id: z.string().min(1),
  method: z
    .string()
    .toUpperCase()
    .pipe(z.enum(['GET', 'POST', 'PATCH', 'PUT', 'DELETE'])),
  url: z.string().min(1),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().optional(),
  dependsOn: z.array(z.string()).default([]),
});
const BATCH = z.strictObject({ requests: z.array(MEMBER).min(1) });

export type BatchMember = z.infer<typeof MEMBER>;

/** Reads POST /$batch. A malformed batch is refused as a whole (reference: graph.md 4.1). */
export function readBatch(text: string): readonly BatchMember[] {
  const parsed = BATCH.safeParse(readObject(text));
  if (!parsed.success) throw malformed(`Invalid batch payload format: ${z.prettifyError(parsed.error)}`);
  const { requests } = parsed.data;
  if (requests.length > MOST_MEMBERS)
    throw malformed(`Number of batch request steps exceeds the maximum value of ${MOST_MEMBERS}.`);
  const ids = requests.map(({ id }) => id);
  if (new Set(ids).size < ids.length) throw malformed('The ids of the requests are not unique.');
  for (const member of requests) refuseMember(member, ids);
  refuseTangle(requests);
  return requests;
}

function refuseMember({ id, url, dependsOn, body, headers }: BatchMember, ids: readonly string[]): void {
  if (/^[a-z]+:/i.test(url) || /^\/?v1\.0\b/i.test(url))
    throw malformed(`The url of request '${id}' must be relative to the version.`);
  if (/^\/?\$batch\b/i.test(url)) throw malformed('Batches cannot be nested.');
  const before = ids.slice(0, ids.indexOf(id));
  if (dependsOn.some((one) => !before.includes(one)))
    throw malformed(`Request '${id}' depends on one that does not stand before it.`);
  const typed = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  if (body !== undefined && !typed) throw malformed(`Request '${id}' has a body and no Content-Type header.`);
}

// All side by side, all one behind the other, or all behind the same one.
function refuseTangle(requests: readonly BatchMember[]): void {
  const links = requests.map(({ dependsOn }) => dependsOn);
  const parallel = links.every((one) => one.length === 0);
  const serial = links.every((one, n) => (n === 0 ? one.length === 0 : isOnly(one, requests[n - 1]?.id)));
  const parent = links.flat()[0];
  const star = requests.every(({ id, dependsOn }) =>
    id === parent ? dependsOn.length === 0 : isOnly(dependsOn, parent),
  );
  if (!parallel && !serial && !star)
    throw malformed('Requests depend on each other in a way that is not supported.');
}

function isOnly(dependsOn: readonly string[], id: string | undefined): boolean {
  return dependsOn.length === 1 && dependsOn[0] === id;
}

function malformed(message: string): GraphRefusal {
  return new GraphRefusal(400, 'BadRequest', message);
}
