import { html } from 'hono/html';
import { brand, type PageView, page } from './layout.ts';
import { text } from './messages.ts';
import { duration, type Html, picture } from './parts.ts';

export type SetupProblem = 'link' | 'limited' | 'name' | 'short' | 'weak' | 'mismatch';

export interface SetupView extends PageView {
  readonly problem: SetupProblem | null;
  /** Milliseconds until the next try is allowed. */
  readonly waitMs: number;
  /** The good code of the form that had another problem; empty for the script, or the administrator, to fill in. */
  readonly code: string;
  readonly name: string;
}

/** Where the first administrator chooses name and password. The code of the link is filled in by the script. */
export function setupPage(view: SetupView): Html {
  return page({
    title: text('stateTitle', { state: text('setupTitle') }),
    assets: view.assets,
    head: html`<script src="${view.assets.setupScript}" defer></script>`,
    body: html`<main id="main" class="sign-in" tabindex="-1">
${brand(view.lab)}
<p class="lead">${text('setupLead')}</p>
${view.problem === null ? null : problemLine(view.problem, view.waitMs)}
<form method="post" action="/setup">
<div id="code-row" ${view.code === '' ? '' : 'hidden'}>
<label for="code">${text('setupCode')}</label>
<input id="code" name="code" value="${view.code}" autocomplete="off" autocapitalize="none" spellcheck="false" required maxlength="64" aria-describedby="code-hint">
<p id="code-hint" class="note">${text('setupCodeHint')}</p>
</div>
<label for="name">${text('name')}</label>
<input id="name" name="name" value="${view.name}" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="64" ${focus(view, 'name')}>
<label for="password">${text('newPassword')}</label>
<input id="password" name="password" type="password" autocomplete="new-password" required minlength="15" maxlength="1024" aria-describedby="password-hint" ${focus(view, 'password')}>
<p id="password-hint" class="note">${text('passwordRule')}</p>
<label for="again">${text('passwordAgain')}</label>
<input id="again" name="again" type="password" autocomplete="new-password" required minlength="15" maxlength="1024">
<button>${text('setupDone')}</button>
</form>
</main>`,
  });
}

/** Where the next thing is to be typed. */
function focus({ problem, name }: SetupView, field: 'name' | 'password'): string {
  const next = name === '' || problem === 'name' ? 'name' : 'password';
  return field === next ? 'autofocus' : '';
}

function problemLine(problem: SetupProblem, waitMs: number): Html {
  const words = text(`setupProblem.${problem}`, { duration: duration(Math.max(1000, waitMs)) });
  return html`<p class="problem" role="alert">${picture('bad')}<span>${words}</span></p>`;
}
