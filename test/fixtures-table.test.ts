import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const FOLDER = new URL('fixtures/invitations/', import.meta.url);
const COLUMNS = 'file provider source address sip meeting_id passcode loser_providers note'.split(' ');
const SOURCES = ['keyword', 'online-meeting', 'location', 'block', 'body', 'sip'];
const INVITATION = /^[a-z0-9-]+(?:\/[a-z0-9-]+)+\.(?:html|txt|eml|ics|json)$/;

type Row = Readonly<Record<string, string>>;

const lines = readFileSync(new URL('table.tsv', FOLDER), 'utf8').trimEnd().split('\n');
const rows = lines.slice(1).map(rowOf);
const joinable = rows.filter(({ provider }) => provider !== 'none');

function rowOf(line: string): Row {
  const cells = line.split('\t');
  return Object.fromEntries(COLUMNS.map((column, index) => [column, cells[index] ?? '']));
}

/** The files of those rows that break the rule. */
function breaking(some: readonly Row[], rule: RegExp, column: string): string[] {
  return some.filter((row) => !rule.test(row[column] ?? '')).map(({ file = '' }) => file);
}

function languagesOf(folder: string): string[] {
  const names = rows.map(({ file = '' }) => file).filter((file) => file.startsWith(`${folder}/`));
  return names.map((file) => file.slice(folder.length + 1).split('.')[0] ?? '');
}

test('the table names every invitation once, in order, and nothing else', () => {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(FOLDER.pathname.length).replace(/^\//, ''))
    .filter((file) => file !== 'table.tsv' && file !== 'README.md')
    .sort();
  assert.deepEqual(
    rows.map(({ file }) => file),
    files,
  );
  assert.deepEqual(breaking(rows, INVITATION, 'file'), []);
});

test('every row has all columns', () => {
  assert.equal(lines[0], COLUMNS.join('\t'));
  assert.deepEqual(
    lines.filter((line) => line.split('\t').length !== COLUMNS.length),
    [],
  );
});

test('a negative names no winner and says why', () => {
  const empty = COLUMNS.filter((column) => !['file', 'provider', 'note'].includes(column));
  const negatives = rows.filter(({ provider }) => provider === 'none');
  for (const column of empty) assert.deepEqual(breaking(negatives, /^$/, column), []);
  assert.deepEqual(breaking(negatives, /./, 'note'), []);
});

test('a winner has a provider, a source and an address of the form that the table promises', () => {
  assert.deepEqual(breaking(joinable, /^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'provider'), []);
  assert.deepEqual(breaking(joinable, new RegExp(`^(?:${SOURCES.join('|')})$`), 'source'), []);
  const keywords = joinable.filter(({ source }) => source === 'keyword');
  assert.deepEqual(breaking(keywords, /^$/, 'address'), []);
  const others = joinable.filter(({ source }) => source !== 'keyword');
  const form =
    /^(?:https:\/\/[a-z0-9.-]+(?::\d+)?(?:\/\S*)?|(?:zoommtg|msteams):\S+|[^@\s:]+@[a-z0-9.-]+(?::\d+)?\S*|\d+(?:\.\d+){3}##\d+)$/;
  assert.deepEqual(breaking(others, form, 'address'), []);
});

test('the details of a winner are of the form that the table promises', () => {
  assert.deepEqual(breaking(joinable, /^(?:[^@\s:]+@[a-z0-9.-]+(?::\d+)?(?:;\S+)?)?$/, 'sip'), []);
  assert.deepEqual(breaking(joinable, /^\d*$/, 'meeting_id'), []);
  assert.deepEqual(breaking(joinable, /^\S*$/, 'passcode'), []);
  assert.deepEqual(breaking(joinable, /^(?:[a-z0-9-]+(?:,[a-z0-9-]+)*)?$/, 'loser_providers'), []);
});

test('every source decides somewhere', () => {
  assert.deepEqual([...new Set(joinable.map(({ source }) => source))].sort(), [...SOURCES].sort());
});

test('events of Microsoft Graph are whole: a body, a location, a list of locations', () => {
  for (const { file = '' } of rows.filter((row) => row.file?.endsWith('.json'))) {
    const event = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));
    assert.match(event.body.contentType, /^(?:html|text)$/, file);
    assert.equal(typeof event.body.content, 'string', file);
    assert.equal(typeof event.location.displayName, 'string', file);
    assert.ok(Array.isArray(event.locations), file);
  }
});

test('the corpus is as large as promised: 400 cases, 120 negatives, 60 providers', () => {
  assert.ok(rows.length >= 400, `${rows.length} cases`);
  assert.ok(rows.length - joinable.length >= 120, `${rows.length - joinable.length} negatives`);
  const providers = new Set(joinable.map(({ provider }) => provider));
  assert.ok(providers.size >= 60, `${providers.size} providers`);
});

test('Teams and Zoom invite in 20 languages, each marked as constructed', () => {
  for (const folder of ['teams-languages', 'zoom-languages']) {
    const languages = Intl.getCanonicalLocales(languagesOf(folder));
    assert.ok(languages.length >= 20, `${folder}: ${languages.length}`);
  }
  const texts = rows.filter(({ file = '' }) => /^(?:teams|zoom)-languages\//.test(file));
  assert.deepEqual(breaking(texts, /constructed/, 'note'), []);
});
