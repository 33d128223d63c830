import { type BlockRow, blockRows } from './block-rows.ts';
import { CLOSING, OPENING } from './delimiter.ts';
import type { JoinBlock } from './join-details.ts';
import { type Wording, wordingOf } from './languages.ts';
import { lineMark } from './plain-key.ts';

/**
 * Outlook draws HTML with Word: tables and inline styles only, no background and no colour of our own but the button's and the
 * border's, so that the block is readable on light and on dark.
 */
const FONT = "font-family:'Segoe UI',Aptos,Calibri,Arial,sans-serif;font-size:14px;line-height:20px";
const BORDER = 'margin:0 0 12px;font-size:11px;line-height:16px;color:#808080';
const BORDER_END = 'margin:12px 0 16px;font-size:11px;line-height:16px;color:#808080';
const STYLES = {
  header: 'margin:0 0 8px',
  heading: 'margin:0 0 12px;font-size:20px;line-height:26px;font-weight:600',
  note: 'margin:12px 0 0;font-size:12px;line-height:16px',
  footer: 'margin:8px 0 0;font-size:12px;line-height:16px',
} as const;
const TABLE = '<table role="presentation" cellpadding="0" cellspacing="0" border="0"';
const BUTTON = 'background-color:#0a66c2;border-radius:6px;padding:9px 22px';
const BUTTON_TEXT = 'color:#ffffff;font-size:15px;font-weight:600;text-decoration:none';
const ADDRESS = 'margin:8px 0 0;font-size:12px;line-height:16px';

/** The block as HTML. Everything in it is escaped. */
export function htmlBlock(block: JoinBlock): string {
  const wording = wordingOf(block.language);
  const rows = inTables(blockRows(block), wording);
  const border = (text: string, style: string): string => paragraph(escaped(text), style, '', wording, 'ltr');
  return [
    `<div lang="${block.language}" dir="${wording.direction}" style="${FONT}">`,
    border(OPENING, BORDER),
    ...rows,
    border(CLOSING, BORDER_END),
    '</div>',
  ].join('\n');
}

/** Fields that follow one another share a table. */
function inTables(rows: readonly BlockRow[], wording: Wording): string[] {
  const parts: string[] = [];
  let cells: string[] = [];
  const endTable = (): void => {
    if (cells.length > 0)
      parts.push(`${TABLE} style="margin:12px 0 0;${FONT}">\n${cells.join('\n')}\n</table>`);
    cells = [];
  };
  for (const row of rows) {
    if (row.kind === 'field') cells.push(fieldRow(row, wording));
    else {
      endTable();
      parts.push(row.kind === 'link' ? linkPart(row, wording) : wordsPart(row, wording));
    }
  }
  endTable();
  return parts;
}

function wordsPart(row: Extract<BlockRow, { text: string }>, wording: Wording): string {
  const html = row.text === '' ? '&nbsp;' : linkified(row.text);
  const isOwn = row.kind === 'header' || row.kind === 'footer';
  const direction = isOwn && row.text !== '' ? directionOf(row.text) : wording.direction;
  return paragraph(html, STYLES[row.kind], marks([row.text]), wording, direction);
}

/** A button as a table cell, and the address below it for print and for whoever wants to see where it leads. */
function linkPart({ label, url }: Extract<BlockRow, { url: string }>, wording: Wording): string {
  const button = link(url, label, ` style="${BUTTON_TEXT}"`);
  const cell = `<td align="center" bgcolor="#0a66c2"${marks([label])} style="${BUTTON}">${button}</td>`;
  const table = `${TABLE} style="${FONT}">\n<tr>${cell}</tr>\n</table>`;
  return `${table}\n${paragraph(leftToRight(link(url, url, ''), wording), ADDRESS, marks([url]), wording)}`;
}

function fieldRow(
  { label, values }: Extract<BlockRow, { label: string; values: unknown }>,
  wording: Wording,
): string {
  const title = (wording.row.replace('{label}', () => label).split('{value}')[0] ?? label).trimEnd();
  const style = wording.direction === 'rtl' ? 'padding:2px 0 2px 16px' : 'padding:2px 16px 2px 0';
  const value = values.map((one) => leftToRight(escaped(one), wording)).join('<br>');
  const head = `<td valign="top"${marks([title])} style="${style}">${escaped(title)}</td>`;
  return `<tr>${head}\n<td valign="top"${marks(values)} style="padding:2px 0;word-break:break-word"><b style="font-weight:600">${value}</b></td></tr>`;
}

/** Who writes the other way than the block is set so, on the side where the block begins. */
function paragraph(
  html: string,
  style: string,
  attributes: string,
  wording: Wording,
  direction = wording.direction,
): string {
  if (direction === wording.direction) return `<p${attributes} style="${style}">${html}</p>`;
  const side = wording.direction === 'rtl' ? 'right' : 'left';
  return `<p${attributes} dir="${direction}" align="${side}" style="${style};text-align:${side}">${html}</p>`;
}

function directionOf(text: string): Wording['direction'] {
  const [first = ''] = /\p{L}/u.exec(text) ?? [];
  return /[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(first) ? 'rtl' : 'ltr';
}

function marks(lines: readonly string[]): string {
  return ` class="${lines.map(lineMark).join(' ')}"`;
}

/** Addresses and numbers keep their order among letters that run the other way. */
function leftToRight(html: string, { direction }: Wording): string {
  return direction === 'rtl' ? `<span dir="ltr">${html}</span>` : html;
}

/** Only https leads anywhere; another address is shown as it is. */
function link(url: string, text: string, attributes: string): string {
  return /^https:\/\//i.test(url)
    ? `<a href="${escaped(url)}"${attributes}>${escaped(text)}</a>`
    : escaped(text);
}

function linkified(text: string): string {
  return text
    .split(/(https:\/\/[^\s<>"'()]*[^\s<>"'().,;:!?])/i)
    .map((part, index) => (index % 2 === 1 ? link(part, part, '') : escaped(part)))
    .join('');
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
