import en from './messages/en.json' with { type: 'json' };

/** A key of the catalogue; a typing error does not compile. */
export type MessageKey = keyof typeof en;

/** The text of a key with its `{places}` filled. What is filled in is still to be escaped by the template. */
export function text(key: MessageKey, values: Readonly<Record<string, string | number>> = {}): string {
  return en[key].replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

const NUMBERS = new Intl.NumberFormat('en');

/** 12345 as `12,345`. */
export function number(value: number): string {
  return NUMBERS.format(value);
}
