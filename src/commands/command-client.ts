import { join } from 'node:path';
import { z } from 'zod';
import { requestSocket } from '../net/socket-request.ts';
import { EXIT } from '../ops/exit-codes.ts';
import { configOf } from './serve.ts';

const PROBLEM = z.object({ detail: z.string() });

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
    return complain(refusalOf(answer.text), EXIT.failure);
  } catch {
    return complain(
      'the appliance is not running on this machine (or you may not talk to it): start it with "hybrid-calendar run", and use the same user and configuration.',
      EXIT.unavailable,
    );
  }
}

function refusalOf(text: string): string {
  try {
    const problem = PROBLEM.safeParse(JSON.parse(text));
    return problem.success ? problem.data.detail : 'the appliance refused the command.';
  } catch {
    return 'the appliance refused the command.';
  }
}

function complain(message: string, code: number): number {
  process.stderr.write(`hybrid-calendar: ${message}\n`);
  return code;
}
