/** 100 kB each of what nobody sends in earnest: made to cost time, not to be read. */
import type { FileType } from '../../src/domain/invitation-file/file-type.ts';

export interface HostileCase {
  readonly name: string;
  readonly type: Extract<FileType, 'html' | 'txt'>;
  readonly content: string;
}

const SIZE = 100_000;
const JOIN = 'https://us02web.zoom.us/j/81234567890?pwd=abc';

function filled(piece: string | ((index: number) => string), size = SIZE): string {
  const pieces: string[] = [];
  for (let length = 0, index = 0; length < size; index += 1) {
    const next = typeof piece === 'string' ? piece : piece(index);
    pieces.push(next);
    length += next.length;
  }
  return pieces.join('').slice(0, size);
}

/** A link in wrappers, as often as 100 kB allow. */
function wrapped(times: number): string {
  let link = JOIN;
  for (let index = 0; index < times; index += 1) {
    const next = `https://nam12.safelinks.protection.outlook.com/?url=${encodeURIComponent(link)}`;
    if (next.length > SIZE) break;
    link = next;
  }
  return link;
}

function html(name: string, content: string): HostileCase {
  return { name, type: 'html', content };
}

function txt(name: string, content: string): HostileCase {
  return { name, type: 'txt', content };
}

const link = (href: string): string => `<a href="${href}">x</a>`;

export const HOSTILE_CASES: readonly HostileCase[] = [
  html('unclosed tags', filled('<div>')),
  html(
    'unclosed formatting, each another',
    filled((n) => `<b id=${n}>`),
  ),
  html(
    'unclosed formatting, then paragraphs',
    `${filled((n) => `<b id=${n}>`, SIZE / 2)}${filled('<p>x', SIZE / 2)}`,
  ),
  html(
    'unclosed links',
    filled((n) => `<a href=/${n}>`),
  ),
  html('unclosed tables', filled('<table><tr><td>')),
  html('opening angle brackets', filled('<')),
  html('closing tags of nothing', filled('</a>')),
  html('opening round brackets', filled('(')),
  html('round brackets behind a link', `${JOIN}${filled(')')}`),
  html('square brackets', filled('[')),
  html('an unclosed comment', `<!--${filled('-')}`),
  html('comments that almost close', filled('<!-- -- >')),
  html('an unclosed attribute', `<a href="${filled('x')}`),
  html('attributes by the thousand', `<a ${filled((n) => `a${n} `)}`),
  html('entities', filled('&amp;')),
  html('entities without an end', filled('&am')),
  html('templates in templates', filled('<template>')),
  html('scripts that almost end', `<script>${filled('</scrip')}`),
  html('textareas', filled('<textarea>')),
  html(
    '3,000 links',
    filled((n) => link(`https://example.com/${n}`)),
  ),
  html(
    '3,000 join links',
    filled((n) => link(`https://zoom.us/j/${100_000_000 + n}`)),
  ),
  html(
    '3,000 wrapped links',
    filled((n) =>
      link(
        `https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fzoom.us%2Fj%2F${100_000_000 + n}`,
      ),
    ),
  ),
  html('a link in eight wrappers', link(wrapped(8))),
  html('a link in wrappers until it is full', link(wrapped(50))),
  html('links in five wrappers each', filled(link(wrapped(5)))),
  html(
    'Proofpoint of the third kind, all stars',
    link(`https://urldefense.com/v3/__https://${filled('*', SIZE / 2)}__;${filled('A', SIZE / 2)}!!x$`),
  ),
  html('a host of many labels', link(`https://${filled('a.')}com/j/1`)),
  html('a path of many segments', link(`https://zoom.us/${filled('j/')}`)),
  html('a query of many parameters', link(`https://zoom.us/j/812345678?${filled('a=b&')}`)),
  html('percent signs', link(`https://zoom.us/j/${filled('%25')}`)),
  txt('the beginning of links', filled('https://')),
  txt('links without blanks', filled('https://zoom.us/j/812345678,')),
  txt('folded links that never close', filled('<https://a\n')),
  txt('folded links', filled('<https://zoom.us/j/8\n12345678>\n')),
  txt('hosts without an end', filled('a.')),
  txt('hosts with a path', filled('zoom.us/j ')),
  txt('one long word', filled('a')),
  txt('hyphens', filled('a-')),
  txt('at signs', filled('@')),
  txt('mail addresses', filled('a@b.example ')),
  txt('mail addresses without blanks', filled('a@b.c')),
  txt('mail addresses at hosts of hyphens', filled(`x@${'a-'.repeat(31)} `)),
  txt('hosts of hyphens', filled(`${'a-'.repeat(30)}a.${'b-'.repeat(30)} `)),
  txt('digits', filled('1')),
  txt('digits at a domain', filled('123@b.example ')),
  txt('schemes of video addresses', filled('sip:')),
  txt(
    'video addresses',
    filled((n) => `sip:${n}@b.example `),
  ),
  txt('video addresses after a link', `${JOIN}\n${filled((n) => `${n}@b.example\n`)}`),
  txt('colons', filled(':')),
  txt('labels after a link', `${JOIN}\n${filled('Meeting ID: 1\n')}`),
  txt('labels on one line after a link', `${JOIN}\n${filled('Passcode: ')}`),
  txt('groups of digits after a link', `${JOIN}\n${filled('Meeting ID: 123 456 ')}`),
  txt('line ends', filled('\n')),
  txt('blanks', filled(' ')),
  txt('delimiter lines', filled(`${'─'.repeat(24)}\n`)),
  txt('one delimiter line', filled('─')),
  txt('keywords', filled('@webex:')),
  txt('invisible characters', filled('\u200b')),
];
