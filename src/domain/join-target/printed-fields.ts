/** `label: value` as it stands in a text, whatever the language. */
export interface PrintedField {
  readonly label: string;
  readonly value: string;
  /** Where the label begins, and where the line ends that the value stands on. */
  readonly at: number;
  readonly end: number;
  /** Without a colon: only the words tell that it is a field. */
  readonly loose: boolean;
}

const COLON = /[:：﹕]/g;
/** Between words and a number or code without a colon, as in the cells of a table. */
const WITHOUT_COLON = /^(\D{0,59}\D)\s+(\S.{2,39})$/u;
const LONGEST_LABEL = 80;

/** The fields of a text, in order. A value that is missing on its line stands on the next one. */
export function printedFields(text: string): PrintedField[] {
  const fields: PrintedField[] = [];
  const lines = text.split('\n');
  let at = 0;
  for (const [index, line] of lines.entries()) {
    const next = lines.slice(index + 1, index + 3).find((one) => one.trim() !== '') ?? '';
    fields.push(...fieldsOfLine(line, next, at));
    at += line.length + 1;
  }
  return fields;
}

function fieldsOfLine(line: string, next: string, at: number): PrintedField[] {
  const fields: PrintedField[] = [];
  let start = 0;
  for (const { index } of line.matchAll(COLON)) {
    if (!endsLabel(line, index)) continue;
    const label = line.slice(Math.max(start, index - LONGEST_LABEL), index).trim();
    const rest = line.slice(index + 1).trim();
    const value = rest === '' ? next.trim() : rest;
    const end =
      at +
      (rest === ''
        ? line.length + next.length + 1
        : index + 1 + line.slice(index + 1).indexOf(rest) + firstWordEnd(rest));
    if (label !== '') fields.push({ label, value, at: at + start, end, loose: false });
    start = index + 1 + firstWordEnd(line.slice(index + 1));
  }
  if (fields.length > 0) return fields;
  if (line.length > LONGEST_LABEL + 40) return [];
  const [, label = line, value = next] = WITHOUT_COLON.exec(line.trim()) ?? [];
  const loose = { label: label.trim(), value: value.trim(), at, end: at + line.length, loose: true };
  return [loose, { ...loose, label: line.trim(), value: next.trim() }];
}

/** Neither the colon of a link nor that of a time. */
function endsLabel(line: string, index: number): boolean {
  const [before = '', after = ''] = [line[index - 1], line[index + 1]];
  return after !== '/' && !(/\d/.test(before) && /\d/.test(after));
}

function firstWordEnd(text: string): number {
  return /^\s*(?:\d[\d -]*\d|\S+)/.exec(text)?.[0].length ?? 0;
}

/** The digits of a value that is a number in groups; null for a telephone number, a code for one, or anything else. */
export function groupedDigits(value: string): string | null {
  const [all, digits = ''] = /^#?(\d[\d \u00a0‐-–-]{0,30})/u.exec(value) ?? [];
  if (all === undefined || /^(?:[#,;@\p{L}]|\s*#|[.:/]\d)/u.test(value.slice(all.length))) return null;
  return digits.replaceAll(/\D/g, '');
}

/** The first word of a value, when it can be a passcode: nothing but a remark in brackets or a further field behind it. */
export function codeWord(value: string): string | null {
  const [, word = '', rest = ''] = /^(\S{3,40})(.*)$/u.exec(value) ?? [];
  if (/^[+|#(]|:\/\/|@\S+\.\S|^\d+(?:\.\d+){3}$|[#,;]$/.test(word)) return null;
  if (!/[\p{L}\p{N}]/u.test(word)) return null;
  return /^\s*(?:$|[([|·•,;.]|\S[^:：]*[:：])/u.test(rest) ? word.replace(/[.,;)\]]$/, '') : null;
}
