/** Deeper JSON than this is no request of ours; Graph's own go to 4. */
const MAX_DEPTH = 32;

/** The body as text, or null when it is longer than `maxBytes` (reading stops there). */
export async function readText(request: Request, maxBytes: number): Promise<string | null> {
  return (await readBytes(request, maxBytes))?.toString('utf8') ?? null;
}

/** The body as it came, or null when it is longer than `maxBytes` (reading stops there). */
export async function readBytes(request: Request, maxBytes: number): Promise<Buffer | null> {
  const announced = Number(request.headers.get('content-length') ?? '0');
  if (announced > maxBytes) return null;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Parsed JSON, or undefined when it is none or nests too deep. */
export function parseJson(text: string): unknown {
  if (nestsTooDeep(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isJson(request: Request): boolean {
  const [type] = (request.headers.get('content-type') ?? '').split(';');
  return type?.trim().toLowerCase() === 'application/json';
}

/** Looks before parsing, so that a hostile text costs one pass and no memory. */
function nestsTooDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (quoted) {
      if (char === '\\') i += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{' || char === '[') {
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else if (char === '}' || char === ']') depth -= 1;
  }
  return false;
}
