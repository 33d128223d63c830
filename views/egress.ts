import { html } from 'hono/html';
import { CLEAR_WORDS } from '../src/domain/clear-fields.ts';
import type { EgressHost } from '../src/domain/egress.ts';
import { page, type SignedInView, subPageHeader } from './layout.ts';
import { number, text } from './messages.ts';
import { type Html, moment } from './parts.ts';

export interface EgressView extends SignedInView {
  readonly now: number;
  readonly hosts: readonly EgressHost[];
}

/** Every host that the appliance may connect to, what goes there in clear, and how much it was used. */
export function egressPage(view: EgressView): Html {
  const { assets, now, hosts } = view;
  return page({
    title: text('stateTitle', { state: text('egressTitle') }),
    assets,
    head: null,
    body: html`${subPageHeader(view)}
<main id="main" tabindex="-1">
<h2>${text('egressTitle')}</h2>
<p class="lead">${text('egressLead')}</p>
${hosts.map((host) => hostCard(host, now))}
</main>`,
  });
}

function hostCard(host: EgressHost, now: number): Html {
  return html`<section class="card">
<div class="head"><h2>${host.origin}</h2><p>${used(host, now)}</p></div>
<table>
<thead><tr><th scope="col">${text('egress.key')}</th><th scope="col">${text('egress.purpose')}</th><th scope="col">${text('egress.sends')}</th></tr></thead>
<tbody>${host.uses.map(({ key, purpose, sends }) => html`<tr><th scope="row"><code>${key}</code></th><td>${purpose}</td><td>${sends}</td></tr>`)}</tbody>
</table>
${host.clear.length === 0 ? html`<p class="empty">${text('egress.nothingClear')}</p>` : clearTable(host)}
</section>`;
}

function used({ lastUsedAt, bytesOut, bytesIn }: EgressHost, now: number): Html {
  const when = lastUsedAt === null ? text('never') : moment(lastUsedAt, now);
  return html`${text('egress.lastUse')} ${when} · ${text('egress.bytes', { out: number(bytesOut), in: number(bytesIn) })}`;
}

function clearTable({ clear }: EgressHost): Html {
  return html`<table>
<thead><tr><th scope="col">${text('egress.clear')}</th><th scope="col">${text('egress.field')}</th><th scope="col">${text('egress.holds')}</th><th scope="col">${text('egress.switch')}</th></tr></thead>
<tbody>${clear.map(
    ({
      call,
      field,
      switch: name,
      on,
    }) => html`<tr><th scope="row"><code>${call}</code></th><td><code>${field}</code></td>
<td>${CLEAR_WORDS[field]}</td><td>${name === null ? text('egress.always') : html`<code>${name}</code> ${text(on ? 'egress.on' : 'egress.off')}`}</td></tr>`,
  )}</tbody>
</table>`;
}
