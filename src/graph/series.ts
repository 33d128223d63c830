import { z } from 'zod';
import { AppError } from '../domain/app-error.ts';
import type { CalendarEvent } from '../domain/calendar-event.ts';
import type { ListWindow } from '../domain/meeting.ts';
import type { SeriesReading } from '../domain/ports.ts';
import type { GraphClient } from './client.ts';
import { WITH_MARK } from './events.ts';
import { saysNoItem } from './graph-error.ts';
import { utcWall } from './graph-time.ts';
import { readPages } from './pages.ts';
import { parseEvent } from './parse.ts';

const PAGE_SIZE = '50';
const WITH_EXCEPTIONS = z.object({ exceptionOccurrences: z.array(z.unknown()).catch([]) });
const WITH_ID = z.object({ id: z.string() });

/** The occurrences and exceptions of a series whose time overlaps the window; removed ones are simply missing. */
export async function readSeries(
  client: GraphClient,
  guid: string,
  masterId: string,
  window: ListWindow,
): Promise<SeriesReading> {
  const url = client.urlOf(['users', guid, 'calendar', 'events', masterId, 'instances'], {
    startDateTime: `${utcWall(window.from)}Z`,
    endDateTime: `${utcWall(window.to)}Z`,
    $top: PAGE_SIZE,
    ...WITH_MARK,
  });
  const pages = await readPages(client, url, guid.toLowerCase(), saysNoItem);
  return pages === null ? { kind: 'gone' } : { kind: 'found', ...sorted(pages) };
}

/** Exceptions are shown with their master, wherever they lie (reference: graph.md 3.3 and 5.1). */
export async function readExceptions(
  client: GraphClient,
  guid: string,
  masterId: string,
): Promise<CalendarEvent[]> {
  const url = client.urlOf(['users', guid, 'events', masterId], { $expand: 'exceptionOccurrences' });
  const answer = await client.call({ method: 'GET', url, mailbox: guid.toLowerCase() });
  if (answer.kind === 'done') return sorted(WITH_EXCEPTIONS.parse(answer.json).exceptionOccurrences).events;
  if (saysNoItem(answer.refusal)) return [];
  throw answer.error;
}

function sorted(rows: readonly unknown[]): { events: CalendarEvent[]; unreadable: string[] } {
  const events = new Map<string, CalendarEvent>();
  const unreadable: string[] = [];
  for (const row of rows) {
    const event = parsed(row);
    // A row may show up on two pages when the calendar changes meanwhile: the last wins.
    if (event !== null) events.set(event.id, event);
    else unreadable.push(WITH_ID.safeParse(row).data?.id ?? '');
  }
  return { events: [...events.values()], unreadable: unreadable.filter((id) => id !== '') };
}

function parsed(row: unknown): CalendarEvent | null {
  try {
    return parseEvent(row);
  } catch (thrown) {
    if (thrown instanceof AppError) return null;
    throw thrown;
  }
}
