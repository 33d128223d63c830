import type { ListWindow } from '../domain/meeting.ts';
import type { SyncDeps } from './sync-deps.ts';

/** The window of the meetings list around an instant. */
export function listWindow(deps: SyncDeps, now: number): ListWindow {
  return { from: now - deps.settings.windowBackMs, to: now + deps.settings.windowAheadMs };
}
