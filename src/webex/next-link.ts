const LINK = /<([^<>]*)>((?:\s*;\s*[\w*]+\s*=\s*(?:"[^"]*"|[^\s",;]+))*)/g;

/** The URL of `rel="next"` in a Link header (RFC 8288); null when there is none. */
export function nextLink(header: string | null): string | null {
  for (const [, url = '', parameters = ''] of (header ?? '').matchAll(LINK)) {
    const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))/i.exec(parameters);
    const names = (rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/);
    if (names.includes('next')) return url;
  }
  return null;
}
