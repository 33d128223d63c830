/**
 * The browser's part: reads the page's main part anew every few seconds and replaces only what changed, so that a screen reader
 * hears the state line when it differs and nothing else moves. Without it the page reloads itself.
 */
const SOURCE = `'use strict';
(() => {
  const EVERY = 4000;
  const main = document.getElementById('main');
  const offline = document.getElementById('offline');
  const LIVE = ['state', 'since', 'numbers'];

  const same = (a, b) => a.innerHTML === b.innerHTML && a.className === b.className && a.hidden === b.hidden;

  const adopt = (old, fresh) => {
    if (same(old, fresh)) return;
    if (old.id === 'overall') {
      old.className = fresh.className;
      old.querySelector('svg').replaceWith(fresh.querySelector('svg'));
      for (const id of LIVE) {
        const to = document.getElementById(id), from = fresh.querySelector('#' + id);
        if (to.innerHTML !== from.innerHTML) to.innerHTML = from.innerHTML;
      }
      const word = old.querySelector('strong').textContent;
      document.title = word + document.title.slice(document.title.indexOf(' \\u00b7'));
    } else old.replaceWith(fresh);
  };

  const refresh = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch('/status-fragment', { signal: AbortSignal.timeout(EVERY) });
      if (answer.status === 401) return location.reload();
      if (!answer.ok) throw new Error(answer.status);
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
      for (const part of fresh.querySelectorAll('section[id]')) adopt(document.getElementById(part.id), part);
      offline.hidden = true;
    } catch {
      offline.hidden = false;
    }
    main.classList.toggle('stale', !offline.hidden);
  };

  const turn = () => refresh().finally(() => setTimeout(turn, EVERY));
  document.addEventListener('visibilitychange', refresh);
  setTimeout(turn, EVERY);
})();
`;

/** Sent without its indentation: under 2 kB. */
export const APP_SCRIPT = SOURCE.replaceAll(/^ +/gm, '');
