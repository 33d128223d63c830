import type { Clock } from '../domain/ports.ts';

/**
 * Sleeps for real milliseconds: a steered clock may jump or run fast, and the time-outs of a socket must not (design D12). Ends
 * early when the signal aborts.
 */
export async function realSleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  const until = clock.monotonicMs() + ms;
  for (let left = ms; left > 0 && !signal.aborted; left = until - clock.monotonicMs())
    await clock.sleep(Math.ceil(left), signal);
}
