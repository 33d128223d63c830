import { styleText } from 'node:util';
import { EXIT } from '../ops/exit-codes.ts';

type Style = Parameters<typeof styleText>[0];

/** Data goes to standard output, talk to standard error. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function complain(text: string): void {
  process.stderr.write(`hybrid-calendar: ${text}\n`);
}

/** Styled for a terminal; plain elsewhere, with NO_COLOR and on a terminal that can't. */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

/** Who reads only the beginning (`| head -1`) has had enough: that is no fault of ours. */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.io);
  });
}
