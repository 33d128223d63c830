/** Turns what the children say into short lines for the person who watches. */
export type Show = (where: string, what: string) => void;

export function narrator(print: (line: string) => void): Show {
  return (where, what) => print(`${new Date().toTimeString().slice(0, 8)}  ${where.padEnd(9)}  ${what}`);
}

/** A log line of the appliance: its message and the ids that tell things apart. */
export function narrateLog(line: string, show: Show): void {
  const record = parsed(line);
  if (record === null) {
    show('appliance', line);
    return;
  }
  const { level: _level, time: _time, event: _event, msg, ...facts } = record;
  const ids = Object.entries(facts).filter(([, value]) => value !== null && typeof value !== 'object');
  const shown = ids.map(([name, value]) => `${name} ${shorten(String(value))}`).join(', ');
  show('appliance', shown === '' ? String(msg) : `${String(msg)} (${shown})`);
}

function parsed(line: string): Record<string, unknown> | null {
  try {
    const record: unknown = JSON.parse(line);
    return typeof record === 'object' && record !== null ? { ...record } : null;
  } catch {
    return null;
  }
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 12)}…${text.slice(-8)}` : text;
}
