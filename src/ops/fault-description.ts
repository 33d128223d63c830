import { AppError } from '../domain/app-error.ts';

const MAX_CAUSES = 4;
/** `(place)` or `place` as V8 prints it, with a line and column or inside Node. */
const FRAME = /^\s+at .*(:\d+:\d+\)?|\(native\)|<anonymous>\)?)$/;

export interface FaultDescription {
  /** Class names from the outermost error to its first cause. */
  readonly kinds: readonly string[];
  readonly codes: readonly string[];
  readonly stack: readonly string[];
}

/**
 * What may be logged of a fault: classes, code words and places in the program. Messages are left out, since those of foreign
 * errors may quote content, addresses or an upstream's text (design D4). Our own reason words are kept.
 */
export function describeFault(thrown: unknown): FaultDescription {
  const chain = causes(thrown);
  return {
    kinds: chain.map((error) => wordOnly(error.constructor.name)),
    codes: chain.flatMap((error) => codeOf(error)),
    stack: framesOf(chain.at(-1)),
  };
}

function causes(thrown: unknown): Error[] {
  const chain: Error[] = [];
  for (let at = thrown; at instanceof Error && chain.length < MAX_CAUSES; at = at.cause) chain.push(at);
  return chain;
}

function codeOf(error: Error): string[] {
  if (error instanceof AppError) return [error.reason];
  return 'code' in error && typeof error.code === 'string' ? [wordOnly(error.code)] : [];
}

/** The stack begins with the message, which may have several lines and even imitate frames: cut it off first. */
function framesOf(error: Error | undefined): string[] {
  if (error === undefined || typeof error.stack !== 'string') return [];
  const at = error.stack.indexOf(error.message);
  const lines = at < 0 ? [] : error.stack.slice(at + error.message.length).split('\n');
  return lines.filter((line) => FRAME.test(line)).map((line) => line.trim());
}

function wordOnly(text: string): string {
  return /^[\w.:-]{1,60}$/.test(text) ? text : 'other';
}
