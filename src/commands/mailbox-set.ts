import { EXIT } from '../ops/exit-codes.ts';
import { ask } from './command-client.ts';
import { UsageError } from './command-line.ts';
import { print } from './terminal.ts';

const MINUTE_MS = 60_000;
const MINUTES = /^(\d{1,2})m?$/;
const MOST = 30;

/** Gives mailboxes a time of their own for their Join buttons. */
export async function setMailboxes(
  config: string,
  addresses: readonly string[],
  lead: string | undefined,
): Promise<number> {
  if (addresses.length === 0) throw new UsageError('the address is missing.');
  if (lead === undefined) throw new UsageError('what to set is missing: --reminder-lead.');
  const reminderLeadMs = leadMs(lead);
  for (const address of addresses) {
    const answer = await ask(config, 'POST', '/mailboxes/set', { address, reminderLeadMs });
    if (typeof answer === 'number') return answer;
    print(`${address}: ${words(reminderLeadMs)}.`);
  }
  return EXIT.ok;
}

/** Null for the common one. */
function leadMs(text: string): number | null {
  if (text === 'default') return null;
  const minutes = Number(MINUTES.exec(text)?.[1] ?? Number.NaN);
  if (minutes <= MOST) return minutes * MINUTE_MS;
  throw new UsageError(`--reminder-lead wants minutes from 0 to ${MOST}, e.g. 10m, or default.`);
}

function words(ms: number | null): string {
  if (ms === null) return 'the Join button comes up as reminder.lead says';
  return `the Join button comes up ${ms / MINUTE_MS} minutes before the start`;
}
