import type { Deletion } from '../domain/scheduling-ports.ts';
import { callWebex, type WebexApiDeps } from './rest.ts';

/** Deletes what is at this address. A refusal concerns the one thing and must not hold up everything else. */
export async function deleteAt(deps: WebexApiDeps, url: string): Promise<Deletion> {
  const { status } = await callWebex(deps, { method: 'DELETE', url, expect: [403, 404, 410] });
  return status === 403 ? 'refused' : 'deleted';
}
