import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';

const GRAPH = new URL('../../shared/contract/graph-contract.json', import.meta.url);
const WEBEX = new URL('../../shared/contract/webex-openapi.json', import.meta.url);

/** One operation of the contract. */
export interface ContractOperation {
  readonly id: string;
  readonly method: string;
  /** With `{name}` for what varies. */
  readonly path: string;
  /** The least that is needed, in Microsoft’s words. */
  readonly permission?: string;
  /** Schema of the request's body. */
  readonly request?: string;
  /** Schema of the answer's body by status; null for none. */
  readonly responses: Readonly<Record<string, string | null>>;
}

/** The schemas that were made from Microsoft's own metadata. */
export interface GraphContract {
  readonly operations: readonly ContractOperation[];
  /** What is wrong with the value by the schema of that name in `$defs`; empty when nothing is. Throws on unknown names. */
  validate(name: string, value: unknown): string[];
}

/** Null where the contract isn't at hand: the test should skip and say so. */
export function graphContract(): GraphContract | null {
  if (!existsSync(GRAPH)) return null;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajvFormats.default(ajv);
  const contract = JSON.parse(readFileSync(GRAPH, 'utf8'));
  ajv.addSchema(contract, 'graph');
  return {
    operations: contract['x-operations'],
    validate: (name, value) => {
      const check = ajv.getSchema(`graph#/$defs/${name}`);
      if (check === undefined) throw new Error(`the contract has no schema ${name}`);
      check(value);
      return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
    },
  };
}

/** Webex's own description of its public REST API. */
export interface WebexContract {
  /**
   * What is wrong with an answer to an operation, named as in the description (`GET /people`): a status that the operation
   * does not have, a body that differs, or a member that Webex does not have. Empty when nothing is. Throws on unknown operations.
   */
  validate(operation: string, status: number, body: unknown): string[];
  /** The same for the body of a request, and for the names of the query's parameters. */
  validateRequest(operation: string, body: unknown, query?: readonly string[]): string[];
}

/** Null where the description isn't at hand: the test should skip and say so. */
export function webexContract(): WebexContract | null {
  if (!existsSync(WEBEX)) return null;
  const document: OpenApi = JSON.parse(readFileSync(WEBEX, 'utf8'));
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajvFormats.default(ajv);
  ajv.addSchema(closed({ components: document.components }) as object, 'webex');
  const flaws = (schema: object, body: unknown): string[] => {
    const check = ajv.compile(closed(withAbsoluteReferences(schema)) as object);
    check(body);
    return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
  };
  return {
    validate: (operation, status, body) => {
      const described = operationOf(document, operation).responses[String(status)];
      // An answer without a body is described without one.
      if (described !== undefined && status === 204) return body === null ? [] : ['204 has no body'];
      const schema = schemaOf(document, operation, status);
      return schema === undefined ? [`${operation} does not answer ${status}`] : flaws(schema, body);
    },
    validateRequest: (operation, body, query = []) => {
      const { requestBody, parameters = [] } = operationOf(document, operation);
      const known = parameters.flatMap((one) => (one.in === 'query' ? [one.name] : []));
      const unknown = query.filter((name) => !known.includes(name));
      const schema = contentOf(requestBody);
      const wrong =
        schema === undefined ? (body === undefined ? [] : ['takes no body']) : flaws(schema, body);
      return [...unknown.map((name) => `there is no parameter ${name}`), ...wrong];
    },
  };
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: object;
}
interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: Response;
  readonly responses: Readonly<Record<string, Response>>;
}
interface Response {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

/** The schema of an answer. Most errors have none of their own: then it is the one that some operation gives. */
function schemaOf(document: OpenApi, operation: string, status: number): object | undefined {
  const response = operationOf(document, operation).responses[String(status)];
  if (response === undefined || status < 400) return contentOf(response);
  const errors = Object.values(document.paths)
    .flatMap((methods) => Object.values(methods))
    .map((one) => contentOf(one.responses['403']));
  return contentOf(response) ?? errors.find((schema) => schema !== undefined);
}

function operationOf({ paths }: OpenApi, name: string): Operation {
  const [method = '', path = ''] = name.split(' ');
  const operation = paths[path]?.[method.toLowerCase()];
  if (operation === undefined) throw new Error(`the contract has no ${name}`);
  return operation;
}

function contentOf(response: Response | undefined): object | undefined {
  return Object.values(response?.content ?? {})[0]?.schema;
}

/** The description names no required members in most places; that it names all there are is what it can be held to. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  const isObject = inner.type === 'object' && inner.properties !== undefined;
  return isObject ? { additionalProperties: false, ...inner } : inner;
}

function withAbsoluteReferences(schema: object): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"webex#/components/'));
}
