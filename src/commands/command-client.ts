import { join } from 'node:path';
import { z } from 'zod';
import { requestSocket } from '../net/socket-request.ts';
import { EXIT } from '../ops/exit-codes.ts';
import { configOf } from './config-file.ts';
import { complain } from './terminal.ts';

const PROBLEM = z.object({ detail: z.string() });
const FORBIDDEN = new Set(['EACCES', 'EPERM']);

/** Asks the running appliance on this machine; prints its refusal or why it could not be reached. A number is an exit code. */
export async function ask(
  configFile: string,
  method: string,
  path: string,
  body?: object,
): Promise<string | number> {
  const config = configOf(configFile);
  if (typeof config === 'number') return config;
  try {
    const answer = await requestSocket(join(config.store.dataDir, 'command.sock'), method, path, body);
    if (answer.status < 400) return answer.text;
    return refuse(refusalOf(answer.text), EXIT.failure);
  } catch (thrown) {
    return unreachable(thrown);
  }
}

function unreachable(thrown: unknown): number {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  return FORBIDDEN.has(code)
    ? refuse('this account may not talk to the appliance: use the one that runs it.', EXIT.permission)
    : refuse(
        'the appliance is not running on this machine: start it with "hybrid-calendar run", and name the same configuration.',
        EXIT.unavailable,
      );
}

function refusalOf(text: string): string {
  try {
    const problem = PROBLEM.safeParse(JSON.parse(text));
    return problem.success ? problem.data.detail : 'the appliance refused the command.';
  } catch {
    return 'the appliance refused the command.';
  }
}

function refuse(message: string, code: number): number {
  complain(message);
  return code;
}
