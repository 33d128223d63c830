import pino, { type DestinationStream, type Logger } from 'pino';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** Names under which content, addresses or secrets could slip into a line. The rule is that events never carry them. */
const NEVER_LOGGED = [
  ...[
    'authorization',
    'cookie',
    'token',
    'accessToken',
    'access_token',
    'secret',
    'clientSecret',
    'password',
    'key',
  ],
  ...[
    'clientState',
    'subject',
    'body',
    'content',
    'location',
    'locations',
    'address',
    'email',
    'organizer',
    'attendees',
  ],
  ...['title', 'joinUrl', 'headers', 'text', 'message'],
];
const PATHS = NEVER_LOGGED.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

export interface LogOptions {
  readonly level: LogLevel;
  /** Epoch milliseconds of each line. */
  readonly now: () => number;
  /** Where the lines go; standard output when absent. */
  readonly destination?: DestinationStream;
}

/** JSON lines with `time` (epoch ms), `level`, `event`, `msg` and ids; redaction is only the second net. */
export function openLog(o: LogOptions): Logger {
  const options = {
    level: o.level,
    base: null,
    timestamp: () => `,"time":${o.now()}`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: PATHS, censor: '[redacted]' },
  };
  // Written at once: a line that explains a crash must not be lost in a buffer.
  return pino(options, o.destination ?? pino.destination({ dest: 1, sync: true }));
}

export type { Logger };
