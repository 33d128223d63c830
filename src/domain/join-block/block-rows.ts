import {
  JOIN_PARTS,
  type JoinBlock,
  type JoinDetails,
  type JoinPart,
  type PhoneNumber,
} from './join-details.ts';
import { type Wording, wordingOf } from './languages.ts';

/** What a block says, from top to bottom, before it is HTML or text. */
export type BlockRow =
  | { readonly kind: 'header' | 'heading' | 'note' | 'footer'; readonly text: string }
  | { readonly kind: 'link'; readonly label: string; readonly url: string }
  | { readonly kind: 'field'; readonly label: string; readonly values: readonly string[] };

/** Header and footer are one row a line. */
export function blockRows(block: JoinBlock): BlockRow[] {
  const wording = wordingOf(block.language);
  return [
    ...ownLines('header', block.header),
    { kind: 'heading', text: wording.title },
    ...JOIN_PARTS.filter((part) => block.parts.includes(part)).flatMap((part) =>
      partRows(part, block.details, wording),
    ),
    ...ownLines('footer', block.footer),
  ];
}

function partRows(part: JoinPart, details: JoinDetails, wording: Wording): BlockRow[] {
  switch (part) {
    case 'link':
      return linkRow(wording.join, details.link);
    case 'video':
      return field(wording.video, [details.videoAddress]);
    case 'number':
      return [
        ...field(wording.number, [grouped(details.meetingNumber)]),
        ...field(wording.password, [details.password]),
      ];
    case 'phone':
      return phoneRows(details, wording);
    case 'host-note':
      return [{ kind: 'note', text: wording.hostNote }];
  }
}

function linkRow(label: string, url: string | null): BlockRow[] {
  return url === null ? [] : [{ kind: 'link', label, url: oneLine(url) }];
}

function phoneRows({ phones, accessCode }: JoinDetails, wording: Wording): BlockRow[] {
  if (phones.length === 0) return [];
  return [...field(wording.phone, phones.map(phoneText)), ...field(wording.accessCode, [accessCode])];
}

function phoneText({ number, place }: PhoneNumber): string {
  return place === '' ? number : `${number} (${place})`;
}

function field(label: string, values: readonly (string | null)[]): BlockRow[] {
  const given = values.flatMap((value) => (value === null ? [] : [oneLine(value)]));
  return given.length === 0 ? [] : [{ kind: 'field', label, values: given }];
}

function ownLines(kind: 'header' | 'footer', text: string | null): BlockRow[] {
  return text === null
    ? []
    : text
        .trim()
        .split(/\r?\n/)
        .map((line) => ({ kind, text: line.trim() }));
}

/** Meeting numbers as Webex prints them: `2345 678 9012`. */
function grouped(number: string | null): string | null {
  return number?.replace(/^(\d{2,4})(\d{3})(\d{4})$/, '$1 $2 $3') ?? null;
}

function oneLine(value: string): string {
  return value.replace(/\s+/g, ' ').trim();
}
