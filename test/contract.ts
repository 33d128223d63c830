import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';

const FILE = new URL('../../shared/contract/graph-contract.json', import.meta.url);

/** One operation of the contract. */
export interface ContractOperation {
  readonly id: string;
  readonly method: string;
  /** With `{name}` for what varies. */
  readonly path: string;
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
  if (!existsSync(FILE)) return null;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajvFormats.default(ajv);
  const contract = JSON.parse(readFileSync(FILE, 'utf8'));
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
