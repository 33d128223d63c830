import { html } from 'hono/html';
import { ALARMS } from '../src/domain/alarm.ts';
import type { OverallState, StatusFacts } from '../src/domain/status.ts';
import { alarmList } from './alarms.ts';
import { brand, page, type SignedInView } from './layout.ts';
import { number, text } from './messages.ts';
import { around, elapsed, type Html, moment, picture, relativeWords, type Tone } from './parts.ts';
import { pipeline } from './pipeline.ts';
import { deliveryTable, mailboxTable } from './tables.ts';

/** Seconds between two readings of a page without script. */
const RELOAD_SECONDS = 15;

const TONES: Readonly<Record<OverallState, Tone>> = {
  operational: 'good',
  impaired: 'warn',
  outage: 'bad',
  maintenanceMode: 'quiet',
};

export interface StatusView extends SignedInView {
  readonly facts: StatusFacts;
  /** Stands for what the page shows: the event stream begins with the state unless it has the same mark. */
  readonly mark: string;
}

export function statusPage(view: StatusView): Html {
  const { assets, facts, mark } = view;
  return page({
    title: title(facts),
    assets,
    head: html`<noscript><meta http-equiv="refresh" content="${RELOAD_SECONDS}"></noscript>
<script src="${assets.script}" defer></script>`,
    body: html`${topBar(view)}
<p id="offline" role="status" hidden>${picture('warn')}<span>${text('offline')}</span></p>
<main id="main" tabindex="-1" data-words="${relativeWords()}">${statusMain(facts, mark)}</main>`,
  });
}

/** Everything that changes while the page is open; each part has an id, so that the script replaces only what differs. */
export function statusMain(facts: StatusFacts, mark: string): Html {
  return html`<section id="overall" class="overall ${TONES[facts.overall]}" aria-label="${text('statusTitle')}" data-now="${facts.now}" data-mark="${mark}" data-title="${title(facts)}">
<span id="sign">${picture(TONES[facts.overall])}</span>
<div><p id="state" class="state" aria-live="polite"><strong>${text(`overall.${facts.overall}`)}</strong> <span>${facts.overallReason}</span></p>
<p id="since" class="since">${sinceLine(facts)}</p></div>
${numbers(facts)}
</section>
${alarmList(facts)}
${pipeline(facts)}
<div class="columns">
${mailboxTable(facts)}
${deliveryTable(facts)}
</div>`;
}

function title(facts: StatusFacts): string {
  return text('stateTitle', { state: text(`overall.${facts.overall}`) });
}

function topBar({ lab, facts, admin }: StatusView): Html {
  return html`<header class="top">
${brand(lab)}
<p class="about">${text('version', { version: facts.version })}</p>
<p class="about">${text('signedInAs', { name: admin })}</p>
<a class="about" href="/explain">${text('explain')}</a>
<a class="about" href="/egress">${text('egressTitle')}</a>
<a class="about" href="/audit">${text('auditTitle')}</a>
<form method="post" action="/sign-out"><button class="plain">${text('signOut')}</button></form>
</header>`;
}

function sinceLine(facts: StatusFacts): Html {
  const since = troubleSince(facts);
  const running = around('running', 'duration', elapsed(facts.startedAt, facts.now));
  const parts = html`${running} · ${text(`mode.${facts.syncMode}`)} · ${text('tenant', { id: facts.tenantId })}`;
  return since === null ? parts : html`${around('since', 'time', moment(since, facts.now))} · ${parts}`;
}

/** The oldest alarm of the severity that makes the state what it is. */
function troubleSince(facts: StatusFacts): number | null {
  if (facts.overall === 'operational' || facts.alarms.length === 0) return null;
  const grave = facts.alarms.filter((a) => ['critical', 'error'].includes(ALARMS[a.id].severity));
  const deciding = facts.overall === 'outage' && grave.length > 0 ? grave : facts.alarms;
  return Math.min(...deciding.map((alarm) => alarm.since));
}

function numbers(facts: StatusFacts): Html {
  const { meetings, deliveredToday, deadJobs, deletedLastHour } = facts.counts;
  return html`<dl id="numbers" class="numbers" aria-label="${text('numbers')}">
${count(text('count.meetings'), meetings, false)}${count(text('count.deliveredToday'), deliveredToday, false)}${count(text('count.deletedLastHour'), deletedLastHour, false)}${count(text('count.deadJobs'), deadJobs, deadJobs > 0)}
</dl>`;
}

function count(name: string, value: number, bad: boolean): Html {
  return html`<div class="${bad ? 'warn' : ''}"><dt>${name}</dt><dd>${number(value)}${bad ? html` ${picture('warn')}` : null}</dd></div>`;
}
