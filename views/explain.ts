import { html } from 'hono/html';
import { FILE_TYPES, type FileType } from '../src/domain/invitation-file/file-type.ts';
import type { ExplainedWinner, Explanation } from '../src/domain/join-target/explanation.ts';
import { ignoredWords, loserWords, winnerRows } from './explanation-words.ts';
import { page, type SignedInView, subPageHeader } from './layout.ts';
import { text } from './messages.ts';
import { type Html, picture } from './parts.ts';

export type ExplainProblem = 'empty' | 'unreadable' | 'large';

export interface ExplainView extends SignedInView {
  readonly problem: ExplainProblem | null;
  /** Null before anything was asked. */
  readonly explanation: Explanation | null;
  readonly type: FileType;
}

/** The form that an invitation is pasted into, and what was found; the invitation itself is not given back. */
export function explainPage(view: ExplainView): Html {
  const { assets, problem, explanation, type } = view;
  return page({
    title: text('stateTitle', { state: text('explainTitle') }),
    assets,
    head: null,
    body: html`${subPageHeader(view)}
<main id="main" class="explain" tabindex="-1">
<h2>${text('explainTitle')}</h2>
<p class="lead">${text('explainLead')}</p>
${problem === null ? null : html`<p class="problem" role="alert">${picture('bad')}<span>${text(`explainProblem.${problem}`)}</span></p>`}
${explanation === null ? null : answer(explanation)}
${form(type)}
</main>`,
  });
}

function form(type: FileType): Html {
  const options = FILE_TYPES.map(
    (one) =>
      html`<option value="${one}" ${one === type ? 'selected' : ''}>${text(`explainType.${one}`)}</option>`,
  );
  return html`<form method="post" action="/explain" enctype="multipart/form-data">
<label for="type">${text('explainType')}</label>
<select id="type" name="type">${options}</select>
<label for="text">${text('explainText')}</label>
<textarea id="text" name="text" spellcheck="false" autocomplete="off"></textarea>
<label for="file">${text('explainFile')}</label>
<input id="file" name="file" type="file" accept=".html,.htm,.txt,.eml,.ics,.json" aria-describedby="file-hint">
<p id="file-hint" class="note">${text('explainFileHint')}</p>
<button>${text('explainSubmit')}</button>
</form>`;
}

function answer({ winner, losers, ignored, reason }: Explanation): Html {
  return html`<section id="winner" aria-live="polite">
<h2>${text(winner === null ? 'join.none' : 'join.winner')}</h2>
<dl>${winner === null ? null : facts(winner)}<dt>${text('join.why')}</dt><dd>${text(`joinReason.${reason}`)}</dd></dl>
</section>
${list('losers', text('join.losers'), losers.map(loserWords))}
${list('ignored', text('join.ignored'), ignored.map(ignoredWords))}`;
}

function facts(winner: ExplainedWinner): Html[] {
  return winnerRows(winner).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`);
}

function list(id: string, title: string, lines: readonly string[]): Html | null {
  if (lines.length === 0) return null;
  return html`<section id="${id}">
<h2>${title}</h2>
<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>
</section>`;
}
