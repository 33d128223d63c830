import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';

const SAMPLES = new URL('../../../../shared/samples/graph/', import.meta.url);

/** What Teams writes; it must stay in the body, or the meeting loses its Teams part. */
export const TEAMS =
  '<div style="width:100%"><span style="white-space:nowrap; color:#5F5F5F; opacity:.36">____________________</span></div>\r\n' +
  '<div class="me-email-text" lang="en-US"><span style="font-size:24px">Microsoft Teams meeting</span><a href="https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?context=%7b%7d" class="me-email-headline">Click\r\n here to join the meeting</a></div>';

/** Words, and among them such as are in a block too. */
const WORDS = [
  'Hello',
  'See you & me',
  'Webex',
  'Webex meeting',
  'Password: rosebud',
  'Meeting number',
  '23 456',
  'https://example.com/a?b=1',
  'ann@nordwind.example',
  'Ω ümlaut 会議 اجتماع',
  '🙂',
  '─────',
  '-----',
  'a\u00A0b',
  'soft\u00ADhyphen',
  '┌ corner ┐',
];
const ESCAPES = ['&nbsp;', '&amp;', '&eacute', '&#8364;', '&bogus;', '&', '&ltx', '&#x1F642;'];
const BLANKS = ['\r\n', '\n', ' ', '\t', ''];
const PAIRS = [
  ['<p>', '</p>'],
  ['<p class="MsoNormal">', '</p>'],
  ['<div>', '</div>'],
  ['<div style="color:red" id="x_a">', '</div>'],
  ['<b>', '</b>'],
  ['<span lang="SV">', '</span>'],
  ['<a href="https://example.com/?x=1&amp;y=2">', '</a>'],
  ['<ul><li>', '</li></ul>'],
  ['<table border="1"><tr><td>', '</td></tr></table>'],
  ['<blockquote style="border-left:1px solid">', '</blockquote>'],
  ['<font size="2">', '</font>'],
  ['<h2>', '</h2>'],
  ['<pre>', '</pre>'],
] as const;
const SINGLES = ['<br>', '<hr>', '<img src="cid:1">', '<o:p></o:p>', '<!-- note -->', '<a name="_Toc"></a>'];
/** Mark-up with mistakes. */
const MISTAKES = [
  '</b>',
  '</p>',
  '</div>',
  '<p>',
  '<b>',
  '<table>',
  '<td>',
  '</table>',
  '<i><p></i>',
  '<li>',
];
const HEADS = ['', '<head></head>', '<head><style><!-- p {margin:0} --></style><title>t</title></head>'];
const STARTS = ['<body>', '<body lang="EN-GB" link="#467886">', '<BODY\r\n dir=rtl>'];

const leaf = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...WORDS).map((word) => word.replaceAll('&', '&amp;')) },
  fc.constantFrom(...ESCAPES),
  fc.constantFrom(...BLANKS),
  fc.constantFrom(...SINGLES),
);

const { tree } = fc.letrec<{ tree: string; node: string }>((tie) => ({
  tree: fc.array(tie('node'), { maxLength: 5 }).map((nodes) => nodes.join('')),
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.tuple(fc.constantFrom(...PAIRS), tie('tree')).map(([[open, close], inside]) => open + inside + close),
  ),
}));

function page(inside: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const start = fc.tuple(fc.constantFrom(...HEADS), fc.constantFrom(...STARTS));
  const framed = fc
    .tuple(start, fc.constantFrom(...BLANKS), inside)
    .map(([[head, body], blank, text]) => `<html>${head}${body}${blank}${text}</body></html>\r\n`);
  return fc.oneof(framed, inside);
}

const withTeams = fc.tuple(tree, fc.boolean()).map(([text, teams]) => (teams ? `${text}\r\n${TEAMS}` : text));

/** Pages as mail programs write them. */
export const tidyPage: fc.Arbitrary<string> = page(withTeams);

/** The same with mistakes in it. */
export const anyPage: fc.Arbitrary<string> = page(
  fc
    .array(fc.oneof(tree, fc.constantFrom(...MISTAKES), fc.string()), { maxLength: 8 })
    .map((parts) => parts.join('')),
);

export const plainText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...WORDS, ...BLANKS, '> quoted', '\r\n\r\n'), fc.string()), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));

export interface Sample {
  readonly contentType: 'html' | 'text';
  readonly content: string;
}

/** Every body in recordings of the real service; null where they are not at hand: the test should skip and say so. */
export function recordedBodies(): Sample[] | null {
  if (!existsSync(SAMPLES)) return null;
  const files = readdirSync(SAMPLES).filter((name) => name.endsWith('.json'));
  return files.flatMap((name) => bodiesIn(JSON.parse(readFileSync(new URL(name, SAMPLES), 'utf8'))));
}

function bodiesIn(value: unknown): Sample[] {
  if (typeof value !== 'object' || value === null) return [];
  const { contentType, content } = value as { contentType?: unknown; content?: unknown };
  if (typeof contentType === 'string' && typeof content === 'string')
    return [{ contentType: contentType.toLowerCase() === 'text' ? 'text' : 'html', content }];
  return Object.values(value).flatMap(bodiesIn);
}
