import { AppError } from '../domain/app-error.ts';
import { EXIT, type ExitCode } from '../ops/exit-codes.ts';

/** Why a command ended, as one sentence for a person and one number for a script. */
export interface Failure {
  readonly code: ExitCode;
  readonly message: string;
}

/** What Node's own errors carry. */
type SystemError = Error & { code?: unknown; path?: unknown; address?: unknown; port?: unknown };

/** Null for a fault that nobody expected. */
export function failureOf(thrown: unknown): Failure | null {
  if (thrown instanceof AppError) return { code: exitCodeOf(thrown), message: thrown.message };
  return thrown instanceof Error && 'code' in thrown ? systemFailure(thrown) : null;
}

function exitCodeOf(error: AppError): ExitCode {
  if (error.reason === 'ALREADY_RUNNING') return EXIT.temporary;
  if (error.reason === 'DISK_FULL' || error.code === 'tampered') return EXIT.io;
  if (error.code === 'invalid') return EXIT.config;
  return error.code === 'unavailable' ? EXIT.unavailable : EXIT.internal;
}

function systemFailure(error: SystemError): Failure | null {
  const [exit, what] = SYSTEM[String(error.code)] ?? [null, ''];
  return exit === null ? null : { code: exit, message: `${placeOf(error)} ${what}` };
}

function placeOf({ path, address, port }: SystemError): string {
  if (typeof path === 'string') return path;
  return port === undefined ? 'What is needed' : `${address}:${port}`;
}

/** The system's refusals that a person can mend, by Node's code. */
const SYSTEM: Readonly<Record<string, readonly [ExitCode, string]>> = {
  EADDRINUSE: [EXIT.temporary, 'is in use by another program: stop that one, or choose another address.'],
  EADDRNOTAVAIL: [EXIT.config, 'is no address of this machine: see web.public.listen and web.admin.listen.'],
  EACCES: [
    EXIT.permission,
    'is not permitted to this account: check who owns it, and that ports are above 1023.',
  ],
  EPERM: [EXIT.permission, 'is not permitted to this account: check who owns it.'],
  ENOENT: [EXIT.config, 'is not there: check the path in the configuration.'],
  EISDIR: [EXIT.config, 'is a folder where a file is expected: check the path in the configuration.'],
  ENOTDIR: [EXIT.config, 'lies below a file: check the path in the configuration.'],
  EROFS: [EXIT.io, 'can’t be written: its file system is read-only.'],
  ENOSPC: [EXIT.io, 'can’t be written: the disk is full.'],
  EIO: [EXIT.io, 'can’t be read or written: the disk reports a fault.'],
};
