import { APP_CHECKS } from './app-checks.ts';
import type { Check } from './check.ts';
import { MEETING_CHECKS } from './meeting-checks.ts';
import { PRESENCE_CHECKS } from './presence-checks.ts';
import { REFUSAL_CHECKS } from './refusal-checks.ts';
import { REMINDER_CHECKS } from './reminder-checks.ts';
import { Failed, Server, type ServerFacts } from './server.ts';
import { SOCKET_CHECKS } from './socket-checks.ts';

export interface Outcome {
  readonly name: string;
  /** What the server did otherwise; null when it passed. */
  readonly flaw: string | null;
}

export interface Examination {
  /** Only checks whose name this fits. */
  readonly only?: RegExp;
  /** Told of each outcome as it comes. */
  readonly told?: (outcome: Outcome) => void;
}

/** Examines a server against the ingest profile, check by check; each has meetings of its own. */
export async function examine(
  facts: ServerFacts,
  { only = /./, told }: Examination = {},
): Promise<Outcome[]> {
  const sockets = facts.wdmUrl === null ? [] : SOCKET_CHECKS;
  const apps = facts.wdmUrl === null || facts.appToken === null ? [] : APP_CHECKS;
  const plain = [...MEETING_CHECKS, ...REFUSAL_CHECKS, ...REMINDER_CHECKS, ...PRESENCE_CHECKS];
  const checks = [...plain, ...sockets, ...apps];
  const server = new Server(facts);
  const outcomes: Outcome[] = [];
  try {
    for (const check of checks.filter(({ name }) => only.test(name))) {
      const outcome = { name: check.name, flaw: await flawOf(check, server) };
      outcomes.push(outcome);
      told?.(outcome);
    }
    return outcomes;
  } finally {
    await server.close();
  }
}

async function flawOf(check: Check, server: Server): Promise<string | null> {
  try {
    await check.run(server);
    return null;
  } catch (thrown) {
    if (thrown instanceof Failed) return thrown.message;
    // A connection that broke, or an answer that never came, is the server's doing as well.
    return `no answer: ${thrown instanceof Error ? thrown.message : thrown}`;
  }
}
