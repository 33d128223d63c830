import { html, raw } from 'hono/html';
import { type MessageKey, number, text } from './messages.ts';

/** What a template gives back: escaped HTML. */
export type Html = ReturnType<typeof html>;

/** How something stands; each tone has its own picture, so that no meaning hangs on a colour. */
export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'quiet';

const PICTURES: Readonly<Record<Tone, string>> = {
  good: '<circle cx="8" cy="8" r="7" class="fill"/><path d="m4.8 8.2 2.2 2.2 4.2-4.6" class="mark"/>',
  busy: '<circle cx="8" cy="8" r="6.2" class="ring"/><path d="M8 4.6V8l2.3 1.5" class="line"/>',
  warn: '<path d="M8 1.2 15.2 14H.8z" class="fill"/><path d="M8 5.8v4M8 11.9v.2" class="mark"/>',
  bad: '<path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z" class="fill"/><path d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8" class="mark"/>',
  quiet: '<circle cx="8" cy="8" r="6.2" class="ring"/><path d="M5 8h6" class="line"/>',
};

export function picture(tone: Tone): Html {
  return html`<svg class="picture ${tone}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">${raw(PICTURES[tone])}</svg>`;
}

/** A state: picture and word. */
export function badge(tone: Tone, word: string): Html {
  return html`<span class="badge ${tone}">${picture(tone)}<span>${word}</span></span>`;
}

const UNITS: readonly (readonly [MessageKey, number])[] = [
  ['duration.d', 86_400_000],
  ['duration.h', 3_600_000],
  ['duration.min', 60_000],
  ['duration.s', 1000],
];

/** The two largest units from hours up, one below: `2 d 4 h`, `12 s`. */
export function duration(ms: number): string {
  const index = UNITS.findIndex(([, size]) => ms >= size);
  const first = UNITS[index];
  if (first === undefined) return text('duration.s', { n: 0 });
  const [key, size] = first;
  const words = [text(key, { n: number(Math.floor(ms / size)) })];
  const second = UNITS[index + 1];
  if (second !== undefined && size >= 3_600_000) {
    const rest = Math.floor((ms % size) / second[1]);
    if (rest > 0) words.push(text(second[0], { n: rest }));
  }
  return words.join(' ');
}

/** An instant as a person says it, with the exact one on hover and for machines. */
export function moment(at: number, now: number): Html {
  const exact = new Date(at).toISOString();
  return html`<time datetime="${exact}" title="${exact}">${relative(at, now)}</time>`;
}

/** How long ago an instant is, without "ago". */
export function elapsed(from: number, now: number): Html {
  const exact = new Date(from).toISOString();
  return html`<time class="elapsed" datetime="${exact}" title="${exact}">${duration(Math.max(0, now - from))}</time>`;
}

/** What the script needs to let the page's times grow as `moment` and `elapsed` write them. */
export function relativeWords(): string {
  return [text('ago'), text('in'), text('now'), ...UNITS.map(([key]) => text(key))].join('|');
}

function relative(at: number, now: number): string {
  const distance = Math.abs(now - at);
  if (distance < 1000) return text('now');
  return text(at > now ? 'in' : 'ago', { duration: duration(distance) });
}

/** A text with one place for HTML, e.g. `Since {time}`. */
export function around(key: MessageKey, place: string, inner: Html): Html {
  const [before = '', after = ''] = text(key).split(`{${place}}`);
  return html`${before}${inner}${after}`;
}
