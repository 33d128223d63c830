import type { SetupLinkRow } from '../domain/rows.ts';
import type { Reader, Writer } from '../domain/store-port.ts';
import { type Statements, text } from './statements.ts';

const NAME = 'setup-link';

export function setupLinkReads(s: Statements): Pick<Reader, 'setupLink'> {
  return {
    setupLink: () => {
      const row = s.one('SELECT value FROM settings WHERE name = ?', NAME);
      return row === null ? null : linkFrom(text(row, 'value'));
    },
  };
}

/** There is one link at most; it lives among the settings. */
export function setupLinkWrites(s: Statements): Pick<Writer, 'putSetupLink' | 'deleteSetupLink'> {
  return {
    putSetupLink: ({ tokenHash, expiresAt, reset }) => {
      const value = [Buffer.from(tokenHash).toString('base64'), expiresAt, reset ? 'reset' : 'first'].join(
        ' ',
      );
      s.run('INSERT OR REPLACE INTO settings VALUES (?, ?)', NAME, value);
    },
    deleteSetupLink: () => {
      s.run('DELETE FROM settings WHERE name = ?', NAME);
    },
  };
}

function linkFrom(value: string): SetupLinkRow {
  const [hash = '', expiresAt = '0', purpose = ''] = value.split(' ');
  return {
    tokenHash: Buffer.from(hash, 'base64'),
    expiresAt: Number(expiresAt),
    reset: purpose === 'reset',
  };
}
