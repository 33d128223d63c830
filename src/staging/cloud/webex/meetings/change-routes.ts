import { type Context, Hono } from 'hono';
import type { CloudContext } from '../../cloud-context.ts';
import { flawsOf, jsonBody, webexError } from '../webex-error.ts';
import { type HeldMeeting, meetingTable } from './held-meeting.ts';
import { mail } from './make-meeting.ts';
import { hostOf } from './meeting-host.ts';
import { MEETING_PATCH, type MeetingPatch, timesOf } from './meeting-input.ts';
import { listed, occurrenceView, seriesView } from './meeting-view.ts';
import { goesOn, type Occurrence, occurrence } from './occurrences.ts';

const ONE = '/v1/meetings/:id';
const MEDIA = ['application/json', 'application/json-patch+json'];

/** A series, or one occurrence of it. */
interface Target {
  readonly meeting: HeldMeeting;
  readonly one: Occurrence | null;
}

/** What is done to one meeting: a series, or an occurrence under `<id>_<stamp>`. */
export function changeRoutes(context: CloudContext): Hono {
  const app = new Hono();
  app.get(ONE, (c) => {
    const target = targetOf(context, c, c.req.query('hostEmail'));
    return target instanceof Response ? target : c.json(view(context, target));
  });
  app.patch(ONE, (c) => change(context, c));
  app.delete(ONE, (c) => remove(context, c));
  return app;
}

async function change(context: CloudContext, c: Context): Promise<Response> {
  const body = await jsonBody(c, MEDIA);
  if (body instanceof Response) return body;
  const patch = MEETING_PATCH.safeParse(body.json);
  if (!patch.success) return webexError(c, 400, flawsOf(patch.error));
  const target = targetOf(context, c, patch.data.hostEmail);
  if (target instanceof Response) return target;
  const { meeting, one } = target;
  const isOver = one === null ? !goesOn(meeting, context.clock.now()) : one.end <= context.clock.now();
  if (isOver) return webexError(c, 400, 'what is over is not changed');
  const changed =
    one === null ? changedSeries(context, meeting, patch.data) : changedOne(context, target, patch.data);
  if (typeof changed === 'string') return webexError(c, 400, changed);
  meetingTable(context).put(meeting.id, changed);
  mail(context, meeting.id, 'changed', patch.data.sendEmail);
  const now = { meeting: changed, one: one === null ? null : occurrence(changed, one.stamp) };
  return c.json(listed(view(context, now), changed, now.one));
}

/** Occurrences of their own are given up when the series gets other times. */
function changedSeries(
  context: CloudContext,
  meeting: HeldMeeting,
  patch: MeetingPatch,
): HeldMeeting | string {
  const timezone = patch.timezone ?? meeting.timezone;
  const recurrence = patch.recurrence === undefined ? meeting.recurrence : patch.recurrence;
  const times = newTimes(context, meeting, patch, timezone);
  if (typeof times === 'string') return times;
  const same =
    times.start === meeting.start && times.end === meeting.end && recurrence === meeting.recurrence;
  return {
    ...meeting,
    ...times,
    timezone,
    recurrence,
    title: patch.title ?? meeting.title,
    agenda: patch.agenda === undefined ? meeting.agenda : patch.agenda,
    integrationTags: patch.integrationTags ?? meeting.integrationTags,
    exceptions: same ? meeting.exceptions : {},
  };
}

function changedOne(
  context: CloudContext,
  { meeting, one }: Target,
  patch: MeetingPatch,
): HeldMeeting | string {
  if (one === null) return meeting;
  if (patch.recurrence !== undefined) return 'one occurrence does not recur';
  const times = newTimes(context, one, patch, patch.timezone ?? meeting.timezone);
  if (typeof times === 'string') return times;
  const exception = { ...times, title: patch.title ?? one.title };
  return { ...meeting, exceptions: { ...meeting.exceptions, [one.stamp]: exception } };
}

function newTimes(
  context: CloudContext,
  old: { readonly start: number; readonly end: number },
  { start, end }: MeetingPatch,
  timezone: string,
): { readonly start: number; readonly end: number } | string {
  if (start === undefined && end === undefined) return { start: old.start, end: old.end };
  if (start === undefined || end === undefined) return 'start and end go together';
  return timesOf({ start, end, timezone }, context.clock.now());
}

function remove(context: CloudContext, c: Context): Response {
  const { hostEmail, sendEmail = 'true' } = c.req.query();
  const target = targetOf(context, c, hostEmail);
  if (target instanceof Response) return target;
  const { meeting, one } = target;
  if (one === null) meetingTable(context).delete(meeting.id);
  else
    meetingTable(context).put(meeting.id, {
      ...meeting,
      exceptions: { ...meeting.exceptions, [one.stamp]: null },
    });
  mail(context, meeting.id, 'deleted', sendEmail === 'true');
  context.tell({ where: 'webex', what: `the meeting under the number ${meeting.meetingNumber} is deleted` });
  return c.body(null, 204);
}

function targetOf(context: CloudContext, c: Context, hostEmail: string | undefined): Target | Response {
  const call = hostOf(context, c, hostEmail);
  if (call instanceof Response) return call;
  const [id = '', stamp] = (c.req.param('id') ?? '').split('_');
  const meeting = meetingTable(context).get(id);
  if (meeting === undefined || meeting.hostUserId !== call.hostUserId) return webexError(c, 404);
  const one = stamp === undefined ? null : occurrence(meeting, stamp);
  return stamp !== undefined && one === null ? webexError(c, 404) : { meeting, one };
}

function view(context: CloudContext, { meeting, one }: Target): object {
  return one === null ? seriesView(context, meeting) : occurrenceView(context, meeting, one);
}
