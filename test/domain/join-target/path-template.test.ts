import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Captures,
  matchPath,
  matchSegment,
  readPathTemplate,
  readSegment,
} from '../../../src/domain/join-target/path-template.ts';

function captured(template: string, path: string): Captures | null {
  const read = readPathTemplate(template);
  assert.ok(read !== null, template);
  const captures: Captures = {};
  const segments = path.split('/').filter((segment) => segment !== '');
  return matchPath(read, segments, captures) ? captures : null;
}

test('literals are of either case, placeholders take runs of their class', () => {
  assert.deepEqual(captured('/j/{id=digits}', '/J/123'), { id: '123' });
  assert.equal(captured('/j/{id=digits}', '/j/12a'), null);
  assert.equal(captured('/j/{digits:9-11}', '/j/12345678'), null);
  assert.equal(captured('/j/{digits:9-11}', '/j/123456789012'), null);
  assert.deepEqual(captured('/{letters:3}-{letters:4}', '/abc-defg'), {});
  assert.equal(captured('/{letters:3}-{letters:4}', '/abcd-efg'), null);
  assert.deepEqual(captured('/{name=any}.html', '/a b.html'), { name: 'a b' });
  assert.equal(captured('/{code:8}', '/contacts'), null);
  assert.deepEqual(captured('/{code:8}', '/ab12cd34'), {});
});

test('an end may be free, and so may a beginning', () => {
  assert.deepEqual(captured('/l/meetup-join/*', '/l/meetup-join/a/b'), {});
  assert.equal(captured('/l/meetup-join/*', '/l/meetup-join'), null);
  assert.deepEqual(captured('/help/**', '/help'), {});
  assert.deepEqual(captured('/**/j.php', '/site/k2/j.php'), {});
  assert.deepEqual(captured('/**/j.php', '/j.php'), {});
  assert.equal(captured('/**/j.php', '/j.php/x'), null);
  assert.deepEqual(captured('/', '/'), {});
  assert.equal(captured('/', '/a'), null);
});

test('what is no template is told apart', () => {
  for (const text of [
    '',
    'j',
    '/{digits',
    '/{unknown}',
    '/a*b',
    '/a}',
    '/**/a/*',
    '/{toString}',
    '/{digits:x}',
  ])
    assert.equal(readPathTemplate(text), null, text);
});

test('a letter whose lower case is longer is no way around a template', () => {
  const segment = readSegment('i{any}');
  assert.ok(segment !== null);
  assert.equal(matchSegment(segment, 'İabc', {}), false);
});
