import { html } from 'hono/html';
import { brand, type PageView, page } from './layout.ts';
import { text } from './messages.ts';
import { duration, type Html, picture } from './parts.ts';

export type SignInProblem = 'failure' | 'limited';

export interface SignInView extends PageView {
  readonly problem: SignInProblem | null;
  /** Milliseconds until the next try is allowed. */
  readonly waitMs: number;
  /** Nobody can sign in yet: the page says what to do first. */
  readonly noAdmin: boolean;
}

export function signInPage(view: SignInView): Html {
  return page({
    title: text('stateTitle', { state: text('signInTitle') }),
    assets: view.assets,
    head: null,
    body: html`<main id="main" class="sign-in" tabindex="-1">
${brand(view.lab)}
<p class="lead">${text('signInLead')}</p>
${view.noAdmin ? html`<p class="note">${text('noAdmin')} <code>${text('setupCommand')}</code></p>` : null}
${view.problem === null ? null : problemLine(view.problem, view.waitMs)}
<form method="post" action="/sign-in">
<label for="name">${text('name')}</label>
<input id="name" name="name" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="64" autofocus>
<label for="password">${text('password')}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="1024">
<button>${text('signIn')}</button>
</form>
</main>`,
  });
}

function problemLine(problem: SignInProblem, waitMs: number): Html {
  const words = text(`problem.${problem}`, { duration: duration(Math.max(1000, waitMs)) });
  return html`<p class="problem" role="alert">${picture('bad')}<span>${words}</span></p>`;
}
