import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { INGEST_PROFILE } from '../../src/domain/ingest-profile.ts';

/** One answer, as far as the profile speaks of it. */
export interface Judged {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

interface Described {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
  readonly headers?: Readonly<Record<string, { readonly $ref: string }>>;
}
interface Header {
  readonly required?: boolean;
  readonly schema: object;
}

const ROOT = 'profile';
const operations: Readonly<Record<string, { readonly responses: Readonly<Record<string, Described>> }>> =
  Object.fromEntries(
    Object.values(INGEST_PROFILE.paths)
      .flatMap((path) => Object.values(path))
      .flatMap((one) => (typeof one === 'object' && 'operationId' in one ? [[one.operationId, one]] : [])),
  );

/** Holds answers and frames to the published profile, and to nothing else. */
export class Judge {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor() {
    ajvFormats.default(this.#ajv);
    this.#ajv.addSchema(INGEST_PROFILE, ROOT);
  }

  /** What is wrong with an answer to an operation. */
  answer(operationId: string, { status, headers, text }: Judged): string[] {
    const described = resolved<Described>(operations[operationId]?.responses[String(status)]);
    if (described === undefined) return [`${operationId} does not answer ${status}`];
    const flaws = Object.entries(described.headers ?? {}).flatMap(([name, { $ref }]) =>
      this.#header(name, $ref, headers.get(name)),
    );
    const [[media, body] = []] = Object.entries(described.content ?? {});
    if (media === undefined || body === undefined)
      return text === '' ? flaws : [...flaws, `${status} has no body`];
    const type = (headers.get('content-type') ?? '').split(';')[0]?.trim();
    if (type !== media) return [...flaws, `the media type is "${type}", not ${media}`];
    return [...flaws, ...this.#check(`${operationId} ${status}`, body.schema, parsed(text))];
  }

  /** What is wrong with a value by one of the profile's schemas. */
  value(schema: keyof typeof INGEST_PROFILE.components.schemas, value: unknown): string[] {
    return this.#check(schema, { $ref: `#/components/schemas/${schema}` }, value);
  }

  #header(name: string, ref: string, value: string | null): string[] {
    const { required = false, schema } = resolved<Header>({ $ref: ref }) ?? { schema: {} };
    if (value === null) return required ? [`the header ${name} is missing`] : [];
    return this.#check(`header ${name}`, schema, value);
  }

  #check(name: string, schema: object, value: unknown): string[] {
    const check = this.#compiled.get(name) ?? this.#ajv.compile(absolute(schema));
    this.#compiled.set(name, check);
    if (check(value)) return [];
    return (check.errors ?? []).map(({ instancePath, message }) =>
      `${name}: ${instancePath} ${message}`.trim(),
    );
  }
}

/** What a `$ref` within the profile leads to. */
function resolved<T>(value: { readonly $ref?: string } | undefined): T | undefined {
  const steps = value?.$ref?.split('/').slice(1);
  if (steps === undefined) return value as T | undefined;
  return steps.reduce<unknown>((at, step) => Object(at)[step], INGEST_PROFILE) as T | undefined;
}

function absolute(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', `"${ROOT}#/components/`));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
