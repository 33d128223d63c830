import { spawn, spawnSync } from 'node:child_process';

/** Why no pseudo terminal can be had here; false where one can. It is made by util-linux' `script`: others take other options. */
export const NO_TERMINAL: string | false = spawnSync('script', ['--version'], {
  encoding: 'utf8',
}).stdout?.includes('util-linux')
  ? false
  : 'there is no script of util-linux here';

export interface TerminalSession {
  /** All that was to be seen. */
  readonly shown: string;
  readonly code: number | null;
}

/** Runs a shell command at a terminal of its own; `keys` are typed as soon as `question` is to be seen. */
export function atTerminal(
  cwd: string,
  command: string,
  question: string,
  keys: string,
): Promise<TerminalSession> {
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  let typed = false;
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    shown += part;
    if (typed || !shown.includes(question)) return;
    typed = true;
    // The end of what is typed would be the end of the terminal: its input stays open.
    child.stdin.write(keys);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ shown, code }));
  });
}
