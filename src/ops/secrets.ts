import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { inspect } from 'node:util';
import { AppError } from '../domain/app-error.ts';

const MAX_BYTES = 64 * 1024;
const HIDDEN = '[secret]';

/** A secret that prints as `[secret]` wherever it is logged, joined or serialised by mistake. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The plain value. Call it only where the secret is used. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}

/**
 * Reads a secret file and trims its final newline. A file that group or others may read is refused, unless it lies in the
 * directory that systemd made for the credentials of this service. Throws AppError `invalid`: `SECRET_FILE_UNREADABLE`,
 * `SECRET_FILE_EXPOSED`, `SECRET_FILE_EMPTY`, `SECRET_FILE_TOO_LARGE`.
 */
export function readSecret(path: string, credentialsDirectory?: string): Secret {
  const value = withFile(path, (descriptor) => {
    const facts = fstatSync(descriptor);
    const exposed = process.platform !== 'win32' && (facts.mode & 0o077) !== 0;
    if (exposed && !inCredentials(path, credentialsDirectory)) throw exposedFile(path);
    if (facts.size > MAX_BYTES)
      throw refusal('SECRET_FILE_TOO_LARGE', `${path} is too large to be a secret.`);
    return readFileSync(descriptor, 'utf8').replace(/\r?\n$/, '');
  });
  if (value === '') throw refusal('SECRET_FILE_EMPTY', `${path} is empty: write the secret into it.`);
  return new Secret(value);
}

function withFile<T>(path: string, read: (descriptor: number) => T): T {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    return read(descriptor);
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw refusal(
      'SECRET_FILE_UNREADABLE',
      `${path} can't be read: check that it exists and who owns it.`,
      thrown,
    );
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function inCredentials(path: string, directory: string | undefined): boolean {
  return directory !== undefined && directory !== '' && dirname(resolve(path)) === resolve(directory);
}

function exposedFile(path: string): AppError {
  return refusal(
    'SECRET_FILE_EXPOSED',
    `${path} can be read by other users of this machine: run chmod 600 on it.`,
  );
}

function refusal(reason: string, message: string, cause?: unknown): AppError {
  return new AppError({ code: 'invalid', reason, message, cause });
}
