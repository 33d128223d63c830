import { html } from 'hono/html';
import type { AuditEntry, AuditOutcome } from '../src/domain/audit.ts';
import { page, type SignedInView, subPageHeader } from './layout.ts';
import { number, text } from './messages.ts';
import { badge, type Html, moment, type Tone } from './parts.ts';

export interface AuditView extends SignedInView {
  readonly now: number;
  /** The newest first. */
  readonly entries: readonly AuditEntry[];
}

const TONES: Readonly<Record<AuditOutcome, Tone>> = { done: 'good', refused: 'warn', failed: 'bad' };

/** The last rows of the audit log. */
export function auditPage(view: AuditView): Html {
  const { assets, now, entries } = view;
  return page({
    title: text('stateTitle', { state: text('auditTitle') }),
    assets,
    head: null,
    body: html`${subPageHeader(view)}
<main id="main" tabindex="-1">
<h2>${text('auditTitle')}</h2>
<p class="lead">${text('auditLead', { n: number(entries.length) })}</p>
<section class="card">
${entries.length === 0 ? html`<p class="empty">${text('auditEmpty')}</p>` : table(entries, now)}
</section>
</main>`,
  });
}

function table(entries: readonly AuditEntry[], now: number): Html {
  return html`<table>
<thead><tr><th scope="col">${text('audit.seq')}</th><th scope="col">${text('audit.when')}</th><th scope="col">${text('audit.who')}</th><th scope="col">${text('audit.act')}</th><th scope="col">${text('audit.subject')}</th><th scope="col">${text('audit.outcome')}</th></tr></thead>
<tbody>${entries.map((entry) => row(entry, now))}</tbody>
</table>`;
}

function row(entry: AuditEntry, now: number): Html {
  return html`<tr title="${entry.hash}"><th scope="row">${entry.seq}</th><td class="when">${moment(entry.at, now)}</td>
<td>${entry.who} <code>${entry.from}</code></td><td><code>${entry.act}</code></td><td>${subject(entry)}</td><td>${outcome(entry)}</td></tr>`;
}

function subject({ mailboxId, mailboxHash, about }: AuditEntry): Html {
  const mailbox = mailboxId === null ? null : text('ofMailbox', { id: mailboxId });
  return html`${about} ${mailbox}${mailboxHash === null ? null : html` <code>${mailboxHash.slice(0, 16)}</code>`}`;
}

function outcome(entry: AuditEntry): Html {
  const { reason, intent, count } = entry;
  return html`${end(entry)}${intent === null ? null : html` (${intent})`}${count === 1 ? null : ` ${text('audit.times', { n: count })}`}${reason === null ? null : html` <code>${reason}</code>`}`;
}

function end({ phase, outcome }: AuditEntry): Html {
  if (outcome !== null) return badge(TONES[outcome], text(`audit.${outcome}`));
  return phase === 'intent' ? badge('busy', text('audit.intent')) : badge('quiet', text('audit.notKnown'));
}
