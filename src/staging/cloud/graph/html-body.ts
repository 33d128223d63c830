const META = '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">';
const PREVIEW_LENGTH = 255;

/**
 * HTML as Exchange stores it: wrapped in html, head and body; scripts, forms, handlers and comments gone; bare ampersands
 * escaped; CRLF line ends (reference: graph.md 5.3). Storing the result again changes nothing.
 */
export function storedHtml(given: string): string {
  const clean = escapeAmpersands(untilStable(given.replaceAll(/\r\n?/g, '\n'), strip));
  const head = /<head\b[^>]*>(.*?)<\/head>/is.exec(clean)?.[1] ?? '';
  const withoutHead = clean.replace(/<head\b[^>]*>.*?<\/head>/is, '');
  const [, attributes = '', inner] = /<body\b([^>]*)>(.*)<\/body>/is.exec(withoutHead) ?? [];
  const content = (inner ?? withoutHead).replaceAll(/<\/?(?:html|head|body|!doctype)\b[^>]*>/gi, '').trim();
  const rest = head.replaceAll(/<meta\b[^>]*content-type[^>]*>/gi, '').trim();
  const headLines = rest === '' ? META : `${META}\n${rest}`;
  const page = `<html>\n<head>\n${headLines}\n</head>\n<body${attributes.trimEnd()}>\n${content}\n</body>\n</html>\n`;
  return page.replaceAll('\n', '\r\n');
}

/** A text body as Exchange turns it into HTML. */
export function htmlOfText(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const lines = escaped.replaceAll(/\r\n?/g, '\n').replaceAll('\n', '<br>\n');
  return storedHtml(`<div class="PlainText">${lines}</div>`);
}

/** The text form of a stored body; links become `text<url>`. */
export function textOfHtml(html: string): string {
  const body = /<body\b[^>]*>(.*)<\/body>/is.exec(html)?.[1] ?? html;
  const linked = body.replaceAll(/<a\b[^>]*href="([^"]*)"[^>]*>(.*?)<\/a>/gis, '$2&lt;$1&gt;');
  const broken = linked
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/<br\b[^>]*> ?|<\/(?:p|div|tr|h\d|li)> ?/gi, '\r\n');
  return withoutEntities(broken.replaceAll(/<[^>]*>/g, '')).trim();
}

/** The first 255 characters of the text. */
export function previewOf(html: string): string {
  return textOfHtml(html).slice(0, PREVIEW_LENGTH);
}

function strip(html: string): string {
  return html
    .replaceAll(/<script\b.*?(?:<\/script\s*>|$)/gis, '')
    .replaceAll(/<!--(?![^<]*<\/style).*?(?:-->|$)/gs, '')
    .replaceAll(/<\/?(?:form|input|button|iframe|object|embed)\b[^>]*>/gi, '')
    .replaceAll(/(<[a-z][^>]*?)\s+on[a-z]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/gi, '$1');
}

// What is left after one removal can read as a new tag.
function untilStable(text: string, step: (text: string) => string): string {
  const next = step(text);
  return next === text ? text : untilStable(next, step);
}

function escapeAmpersands(html: string): string {
  return html.replaceAll(/&(?!#?\w+;)/g, '&amp;');
}

function withoutEntities(text: string): string {
  const plain: Readonly<Record<string, string>> = {
    lt: '<',
    gt: '>',
    quot: '"',
    nbsp: ' ',
    '#39': "'",
    amp: '&',
  };
  return text.replaceAll(/&(lt|gt|quot|nbsp|#39|amp);/g, (whole, name: string) => plain[name] ?? whole);
}
