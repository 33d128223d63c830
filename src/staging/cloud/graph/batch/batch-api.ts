import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { CloudContext } from '../../cloud-context.ts';
import { jsonText } from '../graph-call.ts';
import { graphState } from '../graph-state.ts';
import { type BatchMember, readBatch } from './batch-input.ts';

interface MemberAnswer {
  readonly id: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Sends one call through all of Graph and gives its answer. */
export type Serve = (request: Request) => Promise<Response>;

/** Up to twenty calls in one (reference: graph.md 4.1). Their answers come in any order, each with its own status. */
export function batchRoutes(context: CloudContext, serve: Serve): Hono {
  const app = new Hono();
  app.post('/v1.0/$batch', async (c) => {
    const members = readBatch(await jsonText(c));
    const answers = await answerAll(context, c, members, serve);
    return c.json({ responses: shuffled(answers, graphState(context).misbehaviours.seed) });
  });
  return app;
}

async function answerAll(
  context: CloudContext,
  c: Context,
  members: readonly BatchMember[],
  serve: Serve,
): Promise<MemberAnswer[]> {
  const running = new Map<string, Promise<MemberAnswer>>();
  for (const member of members) {
    const parents = member.dependsOn.flatMap((id) => running.get(id) ?? []);
    const call = (): Promise<MemberAnswer> => answerOne(context, c, member, serve);
    // Those that wait for nobody begin together, so that the limit of a mailbox counts them all.
    running.set(member.id, parents.length === 0 ? call() : afterParents(member, parents, call));
  }
  return await Promise.all(running.values());
}

async function afterParents(
  { id }: BatchMember,
  parents: readonly Promise<MemberAnswer>[],
  call: () => Promise<MemberAnswer>,
): Promise<MemberAnswer> {
  const answers = await Promise.all(parents);
  if (answers.every(({ status }) => status < 400)) return await call();
  const error = { code: 'FailedDependency', message: 'A request that this one depends on failed.' };
  return { id, status: 424, headers: { 'Content-Type': 'application/json' }, body: { error } };
}

async function answerOne(
  context: CloudContext,
  c: Context,
  member: BatchMember,
  serve: Serve,
): Promise<MemberAnswer> {
  const { id, method, url, headers, body } = member;
  const authorization = c.req.header('authorization') ?? '';
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const request = new Request(`${context.baseUrl}/v1.0/${url.replace(/^\//, '')}`, {
    method,
    headers: { ...headers, authorization },
    ...(body === undefined || method === 'GET' ? {} : { body: text }),
  });
  return await memberAnswer(id, await serve(request));
}

async function memberAnswer(id: string, response: Response): Promise<MemberAnswer> {
  const headers = Object.fromEntries(
    [...response.headers].map(([name, value]) => [
      name.replaceAll(/\b[a-z]/g, (a) => a.toUpperCase()),
      value,
    ]),
  );
  const bytes = Buffer.from(await response.arrayBuffer());
  const plain = { id, status: response.status, headers };
  if (bytes.length === 0) return plain;
  const isJson = /^application\/json\b/i.test(headers['Content-Type'] ?? '');
  return { ...plain, body: isJson ? JSON.parse(bytes.toString()) : bytes.toString('base64') };
}

// Never in the order of the requests, but always in the same one.
function shuffled(answers: readonly MemberAnswer[], seed: number): MemberAnswer[] {
  const rank = ({ id }: MemberAnswer): string => createHash('sha256').update(`${seed}/${id}`).digest('hex');
  return answers.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
}
