/**
 * The browser's part. The appliance pushes the page's main part when it changed; where that does not work the page asks for it
 * every few seconds. Only what differs is replaced, so that a screen reader hears the state line when it changes and nothing
 * else moves. In between the times grow by themselves, by the appliance's clock. Without script the page reloads itself.
 */
const SOURCE = `'use strict';
(() => {
  const EVERY = 4e3, SIZES = [864e5, 36e5, 6e4, 1e3];
  const find = (id) => document.getElementById(id);
  const main = find('main'), offline = find('offline'), facts = find('overall').dataset;
  const [AGO, IN, NOW, ...UNITS] = main.dataset.words.split('|');
  let ahead, heard, source;

  const span = (ms) => {
    const i = SIZES.findIndex((size) => ms >= size || size < 6e4), rest = ms % SIZES[i];
    const say = (i, ms) => UNITS[i].replace('{n}', Math.floor(ms / SIZES[i]));
    return say(i, ms) + (i < 2 && rest >= SIZES[i + 1] ? ' ' + say(i + 1, rest) : '');
  };
  const grow = (now) => {
    for (const time of main.querySelectorAll('time')) {
      const ms = now - Date.parse(time.dateTime), far = Math.abs(ms);
      const words = time.className ? span(far) : far < 1e3 ? NOW : (ms < 0 ? IN : AGO).replace('{duration}', span(far));
      if (time.textContent !== words) time.textContent = words;
    }
  };
  const lost = (is) => main.classList.toggle('stale', !(offline.hidden = !is));
  const alive = (now) => {
    ahead = now - (heard = performance.now());
    lost(false);
    grow(now);
  };
  const show = (text) => {
    const fresh = new DOMParser().parseFromString(text, 'text/html');
    for (const part of fresh.querySelectorAll('[id]')) {
      const old = find(part.id);
      old.className = part.className;
      old.hidden = part.hidden;
      Object.assign(old.dataset, part.dataset);
      if (part.id === 'overall') alive(+facts.now);
      else if (old.innerHTML !== part.innerHTML) old.innerHTML = part.innerHTML;
    }
    document.title = facts.title;
  };
  const poll = async () => {
    try {
      const answer = await fetch('/status-fragment', { signal: AbortSignal.timeout(EVERY) });
      if (answer.status === 401) return location.reload();
      if (!answer.ok) throw 0;
      show(await answer.text());
      source ?? listen();
    } catch {
      lost(true);
    }
  };
  const deaf = () => {
    source = source?.close();
  };
  const listen = () => {
    source = new EventSource('/events?mark=' + facts.mark);
    source.addEventListener('status', (event) => show(event.data));
    source.addEventListener('beat', (event) => alive(+event.data));
    source.onerror = deaf;
  };
  const turn = () => {
    grow(performance.now() + ahead);
    if (document.hidden || performance.now() - heard > 4e4) deaf();
    if (!document.hidden && !source) poll();
  };
  alive(+facts.now);
  listen();
  setInterval(turn, EVERY);
  document.addEventListener('visibilitychange', turn);
})();
`;

/** Sent without the white space beside marks (no text in it has any there): under 2 kB. */
export const APP_SCRIPT = SOURCE.replaceAll(/\s*([{}()[\];,=?:<>+*|&.!-])\s*/g, '$1');
