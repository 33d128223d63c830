import { type Deviation, stamp } from '../domain/series-deviations.ts';
import { deleteAt } from './delete-at.ts';
import { MEETING_STATUSES, meetingObstacle } from './meeting-obstacle.ts';
import { callWebex, type WebexApiDeps, webexUrl } from './rest.ts';

/** Tells Webex of one occurrence, whose id is that of its series with the start that the series gives it (reference: webex.md 4.4). */
export async function carry(
  deps: WebexApiDeps,
  seriesId: string,
  { originalStartAt, span }: Deviation,
  hostAddress: string | null,
): Promise<'carried' | 'refused'> {
  const path = ['meetings', `${seriesId}_${stamp(originalStartAt)}`];
  const host = hostAddress === null ? {} : { hostEmail: hostAddress };
  if (span === null) {
    const outcome = await deleteAt(deps, webexUrl(deps.apiUrl, path, { sendEmail: 'false', ...host }));
    return outcome === 'refused' ? 'refused' : 'carried';
  }
  const [start, end] = [span.startAt, span.endAt].map((instant) => new Date(instant).toISOString());
  const answer = await callWebex(deps, {
    method: 'PATCH',
    url: webexUrl(deps.apiUrl, path),
    body: { start, end, sendEmail: false, ...host },
    expect: MEETING_STATUSES,
  });
  if (answer.status === 404) return 'carried';
  return meetingObstacle(answer, deps.clock.now()) === null ? 'carried' : 'refused';
}
