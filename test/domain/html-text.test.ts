import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBody, readHtml } from '../../src/domain/html-text.ts';

test('text is read as a person sees it: lines of blocks, folded white space, no mark-up', () => {
  const html = `<html><head><title>no</title><style>p { }</style></head><body>
    <p>Meeting&nbsp;ID:
      <b>123</b></p><p>Pass<!-- x -->code: <span>abc</span></p><br><script>"no"</script>
    <table><tr><td>a</td><td>b</td></tr></table>last</body></html>`;
  assert.equal(readHtml(html).text, 'Meeting ID: 123\nPasscode: abc\n\na b\nlast');
});

test('what is not seen is no text: comments, conditional comments, templates, the text of scripts and frames', () => {
  const html =
    '<!--[if mso]>x<![endif]-->a<template>x<template>x</template>x</template>b<noscript>x</noscript><iframe>x</iframe><textarea>c</textarea>';
  assert.equal(readHtml(html).text, 'abc');
});

test('links know where their own text stands', () => {
  const { text, links } = readHtml(
    '<p>one <a href=" https://a.example/?x=1&amp;y=2 ">two three</a> four</p>',
  );
  const [link] = links;
  assert.ok(link !== undefined);
  assert.equal(link.href, 'https://a.example/?x=1&y=2');
  assert.equal(text.slice(link.at, link.end).trim(), 'two three');
});

test('a link that is not closed ends at the next one, and one in what is not seen is none', () => {
  const { links } = readHtml('<a href="/1">a<a href="/2">b<template><a href="/3"></a></template><a>c');
  assert.deepEqual(
    links.map(({ href }) => href),
    ['/1', '/2'],
  );
});

test('a plain text keeps its lines and loses what is invisible', () => {
  assert.equal(readBody('text', 'a\r\nb\u200b: \u200e1\rc').text, 'a\nb: 1\nc');
});
