import { html } from 'hono/html';
import type { DeliveryFacts, MailboxFacts, MailboxState, StatusFacts } from '../src/domain/status.ts';
import { wordsOf } from '../src/domain/trouble-words.ts';
import { number, text } from './messages.ts';
import { around, badge, type Html, moment, type Tone } from './parts.ts';

/** Enough for one look; a large installation is searched, not scrolled. */
const MAX_MAILBOXES = 50;
const MAX_DELIVERIES = 11;

const TONES: Readonly<Record<MailboxState, Tone>> = {
  'not-activated': 'quiet',
  pending: 'busy',
  activated: 'good',
  error: 'bad',
  paused: 'warn',
  'out-of-scope': 'warn',
};
const ORDER: readonly Tone[] = ['bad', 'warn', 'busy', 'quiet', 'good'];

export function mailboxTable(facts: StatusFacts): Html {
  const { mailboxes, now } = facts;
  const active = mailboxes.filter((one) => one.state === 'activated').length;
  const shown = sortedByNeed(mailboxes).slice(0, MAX_MAILBOXES);
  const hidden = mailboxes.length - shown.length;
  return html`<section id="mailboxes" class="card" aria-labelledby="mailboxes-title">
<div class="head"><h2 id="mailboxes-title">${text('mailboxes')}</h2><p>${text('mailboxesActive', { active: number(active), total: number(mailboxes.length) })}</p></div>
${mailboxes.length === 0 ? html`<p class="empty">${text('noMailboxes')}</p>` : mailboxRows(shown, now)}
${hidden > 0 ? html`<p class="empty">${text('moreMailboxes', { n: number(hidden) })}</p>` : null}
</section>`;
}

function mailboxRows(shown: readonly MailboxFacts[], now: number): Html {
  return html`<table>
<thead><tr><th scope="col">${text('address')}</th><th scope="col" class="minor">${text('kind')}</th><th scope="col">${text('state')}</th><th scope="col" class="number">${text('meetings')}</th><th scope="col" class="number">${text('subscription')}</th></tr></thead>
<tbody>${shown.map((one) => mailboxRow(one, now))}</tbody>
</table>`;
}

function mailboxRow(one: MailboxFacts, now: number): Html {
  return html`<tr><th scope="row" class="address">${address(one.address, one.id)}</th>
<td class="minor">${text(`kind.${one.kind}`)}</td><td>${badge(TONES[one.state], text(`mailboxState.${one.state}`))}${trouble(one, now)}</td>
<td class="number">${number(one.meetings)}</td><td class="number">${expiry(one.subscriptionExpiresAt, now)}</td></tr>`;
}

/** Why a mailbox does not work, who can change it, when it is tried again, and a button for those who won't wait. */
function trouble(one: MailboxFacts, now: number): Html | null {
  if (one.reason === null) return null;
  if (one.retryAt === null) return html` <code>${one.reason}</code>`;
  return html` <code>${one.reason}</code><form method="post" action="/mailboxes/${one.id}/retry" class="trouble">
<span>${wordsOf(one.reason)} ${one.actor === null ? null : text(`actor.${one.actor}`)} ${around('nextTry', 'time', moment(one.retryAt, now))}</span>
<button class="plain" aria-label="${text('retryOf', { address: one.address ?? one.id })}">${text('retry')}</button></form>`;
}

/** A long address breaks before its @ and nowhere else. */
function address(value: string | null, mailboxId: number): Html | string {
  if (value === null) return text('lockedAddress', { id: mailboxId });
  const at = value.lastIndexOf('@');
  return at < 1 ? value : html`${value.slice(0, at)}<wbr>${value.slice(at)}`;
}

function expiry(at: number | null, now: number): Html {
  if (at === null) return html`<span class="dim">${text('noSubscription')}</span>`;
  return around(at > now ? 'expires' : 'expired', 'time', moment(at, now));
}

/** What needs a person comes first; the rest by name. */
function sortedByNeed(mailboxes: readonly MailboxFacts[]): MailboxFacts[] {
  const need = (one: MailboxFacts) => ORDER.indexOf(TONES[one.state]);
  const name = (one: MailboxFacts) => one.address ?? '';
  return [...mailboxes].sort(
    (a, b) => need(a) - need(b) || name(a).localeCompare(name(b), 'en') || a.id - b.id,
  );
}

export function deliveryTable(facts: StatusFacts): Html {
  const shown = facts.deliveries.slice(0, MAX_DELIVERIES);
  return html`<section id="deliveries" class="card" aria-labelledby="deliveries-title">
<div class="head"><h2 id="deliveries-title">${text('deliveries')}</h2></div>
${shown.length === 0 ? html`<p class="empty">${text('noDeliveries')}</p>` : deliveryRows(shown, facts.now)}
</section>`;
}

function deliveryRows(shown: readonly DeliveryFacts[], now: number): Html {
  return html`<table>
<thead><tr><th scope="col">${text('when')}</th><th scope="col">${text('mailbox')}</th><th scope="col">${text('change')}</th><th scope="col" class="number minor">${text('deliveryVersion')}</th><th scope="col" class="number">${text('latency')}</th></tr></thead>
<tbody>${shown.map((one) => deliveryRow(one, now))}</tbody>
</table>`;
}

function deliveryRow(one: DeliveryFacts, now: number): Html {
  return html`<tr title="${one.meetingId}"><td class="when">${moment(one.at, now)}</td>
<td class="address">${address(one.address, one.mailboxId)}</td><td>${text(`change.${one.kind}`)}</td>
<td class="number minor">${number(one.version)}</td><td class="number">${latency(one.latencyMs)}</td></tr>`;
}

function latency(ms: number): string {
  if (ms < 1000) return text('duration.ms', { n: Math.round(ms) });
  return text('duration.s', { n: (ms / 1000).toFixed(1) });
}
