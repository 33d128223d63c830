/** Exit codes after sysexits, so that systemd can name them (reference: engineering.md C.1). */
export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  /** An upstream is unavailable. */
  unavailable: 69,
  internal: 70,
  /** Input or output failed, or data is corrupt. */
  io: 74,
  /** Try again later: another instance is running on the data directory. */
  temporary: 75,
  permission: 77,
  config: 78,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a script may conclude, for the help texts. */
export const EXIT_MEANINGS: Readonly<Record<ExitCode, string>> = {
  0: 'fine',
  1: 'refused, or not fine',
  2: 'wrong usage',
  69: 'the appliance, or a service it needs, is not there',
  70: 'a fault inside the program',
  74: 'reading or writing failed, or data is damaged',
  75: 'try again later: another instance or program is in the way',
  77: 'not permitted',
  78: 'the configuration is wrong',
};
