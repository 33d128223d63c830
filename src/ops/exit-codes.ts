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
