import { html } from 'hono/html';
import { ALARMS, type Alarm, type AlarmSeverity, remedyOf } from '../src/domain/alarm.ts';
import type { StatusFacts } from '../src/domain/status.ts';
import { text } from './messages.ts';
import { around, badge, type Html, moment, type Tone } from './parts.ts';

const TONES: Readonly<Record<AlarmSeverity, Tone>> = {
  critical: 'bad',
  error: 'bad',
  warning: 'warn',
  alert: 'quiet',
};
const ORDER: readonly AlarmSeverity[] = ['critical', 'error', 'warning', 'alert'];

/** What stands now, the gravest first. The section is there even when it is empty: the script fills it later. */
export function alarmList(facts: StatusFacts): Html {
  const sorted = [...facts.alarms].sort((a, b) => rank(a) - rank(b) || a.since - b.since);
  return html`<section id="alarms" aria-labelledby="alarms-title"${facts.alarms.length === 0 ? html` hidden` : null}>
<h2 id="alarms-title" class="unseen">${text('alarms')}</h2>
<ul class="alarms">${sorted.map((alarm) => alarmBox(alarm, facts))}</ul>
</section>`;
}

function rank(alarm: Alarm): number {
  return ORDER.indexOf(ALARMS[alarm.id].severity);
}

function alarmBox(alarm: Alarm, facts: StatusFacts): Html {
  const { severity, title } = ALARMS[alarm.id];
  return html`<li class="alarm ${TONES[severity]}">
${badge(TONES[severity], text(`severity.${severity}`))}
<div><h3>${title}${subject(alarm, facts)}</h3><p>${remedyOf(alarm)}</p></div>
<p class="facts"><span>${around('since', 'time', moment(alarm.since, facts.now))}</span><code>${alarm.reason}</code></p>
</li>`;
}

/** An alarm of one mailbox says which. */
function subject(alarm: Alarm, facts: StatusFacts): Html | null {
  if (alarm.subject === '') return null;
  const mailbox = facts.mailboxes.find((one) => String(one.id) === alarm.subject);
  return html`: <span class="subject">${mailbox?.address ?? text('ofMailbox', { id: alarm.subject })}</span>`;
}
