import { readFileSync, writeFileSync } from 'node:fs';
import { readRulePack } from '../appliance-join-rules.ts';
import { BUILT_IN_PACK } from '../domain/join-target/built-in-rules.ts';
import { compileRules, RuleFaults } from '../domain/join-target/rule-index.ts';
import { EXIT } from '../ops/exit-codes.ts';
import { systemRandom } from '../ops/random.ts';
import { signingKeysOf, signRulePack, verifiedRulePack } from '../seal/rule-pack-signature.ts';
import { sodiumReady } from '../seal/sodium.ts';
import type { Command } from './command.ts';
import { oneOf, parseCommandLine, UsageError } from './command-line.ts';
import { complain, print } from './terminal.ts';

const SEED_BYTES = 32;
const OPTIONS = {
  key: { type: 'string', value: 'FILE', meaning: 'file with the secret key that "rules keygen" made' },
  out: { type: 'string', value: 'FILE', meaning: 'where the signed pack is written' },
  'public-key': { type: 'string', value: 'KEY', meaning: 'the public key, as in join_targets.rule_pack_key' },
} as const;

/** All on one machine without a network; the secret key is best kept on another one than the appliance's. */
export const command: Command = {
  name: 'rules',
  summary: 'show the rule pack for join targets, and sign or verify one of your own',
  help: {
    examples: [
      ['rules show > pack.json', 'the pack inside the program, to begin with'],
      ['rules keygen signing.key', 'make a secret key; prints the public key for the configuration'],
      ['rules sign pack.json --key signing.key --out rules.signed', 'sign a pack'],
      ['rules verify rules.signed --public-key KEY', 'check a signed pack'],
    ],
    usage: [
      'rules show',
      'rules keygen FILE',
      'rules sign PACK --key FILE --out FILE',
      'rules verify FILE --public-key KEY',
    ],
    options: OPTIONS,
    exits: [EXIT.failure, EXIT.io, EXIT.config],
  },
  async run(argv) {
    const { values, positionals } = parseCommandLine(argv, OPTIONS);
    const action = oneOf(positionals[0], ['show', 'keygen', 'sign', 'verify'], 'action');
    if (action === 'show') return show();
    const file = given(positionals[1], 'file');
    await sodiumReady();
    try {
      if (action === 'keygen') return keygen(file);
      if (action === 'sign') return sign(file, given(values.key, 'key'), given(values.out, 'out'));
      return verify(file, given(values['public-key'], 'public-key'));
    } catch (thrown) {
      return notDone(thrown);
    }
  },
};

function given(value: string | undefined, what: string): string {
  if (value !== undefined) return value;
  throw new UsageError(what === 'file' ? 'the file is missing.' : `--${what} is missing.`);
}

function show(): number {
  print(JSON.stringify(BUILT_IN_PACK, null, 2));
  return EXIT.ok;
}

function keygen(file: string): number {
  const { publicKey, seed } = signingKeysOf(systemRandom().bytes(SEED_BYTES));
  writeFileSync(file, `${Buffer.from(seed).toString('base64')}\n`, { flag: 'wx', mode: 0o600 });
  print(Buffer.from(publicKey).toString('base64'));
  return EXIT.ok;
}

function sign(packFile: string, keyFile: string, out: string): number {
  const pack = readFileSync(packFile);
  compileRules(readRulePack(pack));
  const seed = Buffer.from(readFileSync(keyFile, 'utf8').trim(), 'base64');
  if (seed.length !== SEED_BYTES) return refuse(`${keyFile} holds no secret key of "rules keygen".`);
  writeFileSync(out, signRulePack(pack, seed));
  print(`${out} is signed; the configuration names it and the public key ${publicKeyOf(seed)}.`);
  return EXIT.ok;
}

function publicKeyOf(seed: Uint8Array): string {
  return Buffer.from(signingKeysOf(seed).publicKey).toString('base64');
}

function verify(file: string, key: string): number {
  const pack = verifiedRulePack(readFileSync(file), Buffer.from(key, 'base64'));
  if (pack === null) return refuse(`${file} is not signed with this key.`);
  const { version, providers } = readRulePack(pack);
  compileRules(readRulePack(pack));
  print(`${file} is signed with this key: version ${version}, ${providers.length} providers.`);
  return EXIT.ok;
}

function notDone(thrown: unknown): number {
  if (thrown instanceof RuleFaults)
    return refuse(`the pack holds rules that can’t be used: ${thrown.message}.`);
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : '';
  if (code === 'EEXIST') return refuse('the file is there already and is not overwritten.');
  if (thrown instanceof Error && 'path' in thrown)
    return refuse(`${thrown.path} can’t be read or written.`, EXIT.io);
  throw thrown;
}

function refuse(message: string, code: number = EXIT.failure): number {
  complain(`rules: ${message}`);
  return code;
}
