import { isDeepStrictEqual } from 'node:util';
import { type Answer, Failed, type Server } from './server.ts';

/** One thing that the profile says. */
export interface Check {
  /** A fact in the present tense. */
  readonly name: string;
  /** Throws Failed when the server does otherwise. */
  readonly run: (server: Server) => Promise<void>;
}

/** The status, and the members of the body that are named. */
export async function expectAnswer(
  asked: Promise<Answer>,
  status: number,
  members: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const answer = await asked;
  if (answer.status !== status) throw new Failed(`${status} was expected, ${answer.status} came`);
  for (const [name, wanted] of Object.entries(members)) {
    const found: unknown = answer.json?.[name];
    if (!isDeepStrictEqual(found, wanted))
      throw new Failed(`"${name}" is ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
  }
}

export const created = { outcome: 'created' } as const;
export const updated = { outcome: 'updated' } as const;
export const withdrawn = { outcome: 'withdrawn' } as const;
export const fenced = (version: number) => ({ outcome: 'fenced', version });
