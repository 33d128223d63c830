import type { TraceCode } from './trace.ts';

/** PowerShell takes these without quotes. */
const PLAIN = /^[\w.+@-]+$/;

/** What a code means for who looks for a Join button, and who does what; null for one that says enough. */
export function traceWords(code: TraceCode, address: string): string | null {
  if (code === 'BODY_STRIPPED') return bodyStripped(address);
  return WORDS[code] ?? null;
}

const WORDS: Readonly<Partial<Record<TraceCode, string>>> = {
  REMINDER_TOO_LATE:
    'The meeting had ended before Webex could be reached: its Join button never came up. The alarms tell since when.',
};

/** Reference: graph.md 5.8, hybrid-calendar.md 1.12. */
function bodyStripped(address: string): string {
  const identity = PLAIN.test(address) ? address : `'${address.replaceAll("'", "''")}'`;
  return `The room deletes the text of its invitations, and the organiser is not enabled here, so nobody knows how this meeting is joined. The Exchange administrator runs: Set-CalendarProcessing -Identity ${identity} -DeleteComments $false -DeleteSubject $false -AddOrganizerToSubject $false (it counts for invitations that come afterwards), or enable the organiser.`;
}
