import type { Context } from 'hono';
import { type ExplainProblem, explainPage } from '../../views/explain.ts';
import type { SignedInView } from '../../views/layout.ts';
import { FILE_TYPES, type FileType, fileTypeOf } from '../domain/invitation-file/file-type.ts';
import { type Explanation, explanationOf } from '../domain/join-target/explanation.ts';
import type { JoinRules } from '../domain/join-target/join-source.ts';
import { decideJoinTarget } from '../domain/join-target/join-target.ts';
import { readBytes } from './body.ts';

/** An invitation with pictures in it; and what the form adds. */
const MAX_FORM_BYTES = 1_100_000;

type Page = Response | Promise<Response>;

interface Given {
  readonly type: FileType;
  readonly bytes: Uint8Array;
}

export function showExplainForm(c: Context, view: SignedInView): Page {
  return answer(c, view, 'html', null, null);
}

/** Tells how a pasted or uploaded invitation is joined. It lives in this call only: nothing of it is stored or logged. */
export async function explainInvitation(c: Context, view: SignedInView, rules: JoinRules): Promise<Response> {
  const form = await formOf(c);
  if (form === null) return answer(c, view, 'html', 'large', null);
  const given = await givenIn(form);
  if (given.bytes.length === 0) return answer(c, view, given.type, 'empty', null);
  // The readers of mails and calendar files are loaded by the first who needs them: the start does without.
  const { readInvitation } = await import('../domain/invitation-file/invitation-file.ts');
  const invitation = await readInvitation(given.type, given.bytes).catch(() => null);
  if (invitation === null) return answer(c, view, given.type, 'unreadable', null);
  return answer(c, view, given.type, null, explanationOf(decideJoinTarget(invitation, rules)));
}

function answer(
  c: Context,
  view: SignedInView,
  type: FileType,
  problem: ExplainProblem | null,
  explanation: Explanation | null,
): Page {
  c.status(problem === null ? 200 : problem === 'large' ? 413 : 400);
  return c.html(explainPage({ ...view, problem, explanation, type }));
}

/** Null when it is too long. What is no form of several parts reads as an empty one. */
async function formOf(c: Context): Promise<FormData | null> {
  const bytes = await readBytes(c.req.raw, MAX_FORM_BYTES);
  if (bytes === null) return null;
  const headers = { 'content-type': c.req.header('content-type') ?? '' };
  return await new Response(new Uint8Array(bytes), { headers }).formData().catch(() => new FormData());
}

/** A file goes before a text; the end of its name goes before the choice. */
async function givenIn(form: FormData): Promise<Given> {
  const [file, text, chosen] = [form.get('file'), form.get('text'), form.get('type')];
  const type = FILE_TYPES.find((one) => one === chosen) ?? 'html';
  if (file instanceof File && file.size > 0)
    return { type: fileTypeOf(file.name) ?? type, bytes: await file.bytes() };
  return { type, bytes: new TextEncoder().encode(typeof text === 'string' ? text.trim() : '') };
}
