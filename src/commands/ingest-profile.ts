import { INGEST_PROFILE } from '../domain/ingest-profile.ts';
import { EXIT } from '../ops/exit-codes.ts';
import type { Command } from './command.ts';
import { parseCommandLine } from './command-line.ts';
import { print } from './terminal.ts';

/** For who writes the cloud side. */
export const command: Command = {
  name: 'ingest-profile',
  summary: 'print what the cloud side has to speak, as OpenAPI 3.1',
  help: {
    examples: [['ingest-profile > ingest-profile.json', 'the document for who writes the cloud side']],
    usage: ['ingest-profile'],
    options: {},
    exits: [],
  },
  async run(argv) {
    parseCommandLine(argv, {});
    print(JSON.stringify(INGEST_PROFILE, null, 2));
    return EXIT.ok;
  },
};
