import { readSecret } from '../ops/secrets.ts';
import { UsageError } from './command-line.ts';

const ENTER = new Set(['\r', '\n', '\u0004']);
const BACKSPACE = new Set(['\u007f', '\b']);
const INTERRUPT = '\u0003';

/**
 * A password from a file that only this account may read, or typed at the terminal without being shown. Never an argument: others
 * can read those. Throws UsageError where there is neither.
 */
export async function askPassword(question: string, file: string | undefined): Promise<string> {
  if (file !== undefined) return readSecret(file, process.env.CREDENTIALS_DIRECTORY).reveal();
  if (!process.stdin.isTTY)
    throw new UsageError('the password is asked at a terminal; without one name --password-file FILE.');
  // Nothing is shown any more by the time that somebody may begin to type.
  process.stdin.setEncoding('utf8').setRawMode(true);
  process.stderr.write(question);
  try {
    return await typed();
  } finally {
    process.stdin.setRawMode(false).pause();
    process.stderr.write('\n');
  }
}

/** Resolves at the end of the line; nothing of it is shown. */
function typed(): Promise<string> {
  const letters: string[] = [];
  return new Promise((resolve, reject) => {
    const take = (chunk: string): void => {
      for (const letter of chunk) {
        if (BACKSPACE.has(letter)) letters.pop();
        else if (!ENTER.has(letter) && letter !== INTERRUPT) letters.push(letter);
        else {
          process.stdin.off('data', take);
          if (letter === INTERRUPT) reject(new UsageError('interrupted: nothing was done.'));
          else resolve(letters.join(''));
          return;
        }
      }
    };
    process.stdin.on('data', take);
  });
}
