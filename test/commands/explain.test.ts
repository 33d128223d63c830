import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { applianceFolder } from './fake-appliance.ts';
import { folder, program } from './program.ts';

const ROOM = 'https://nordwind.webex.com/meet/ann';
const ZOOM = 'https://us02web.zoom.us/j/81234567890?pwd=abc.1';

test('a file of each kind is explained without configuration and network', (t) => {
  const directory = folder(t);
  const files = {
    'a.html': `<p><a href="${ROOM}">join</a></p>`,
    'a.txt': `Join: ${ROOM}.`,
    'a.eml': `Subject: x\r\nContent-Type: text/plain\r\n\r\n${ROOM}\r\n`,
    'a.ics': `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDESCRIPTION:${ROOM}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`,
    'a.json': JSON.stringify({ subject: 'x', body: { contentType: 'text', content: ROOM } }),
  };
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(directory, name), content);
    const { status, stdout, stderr } = program(directory, 'explain', name, '--json');
    assert.deepEqual([status, stderr], [0, ''], name);
    assert.deepEqual(JSON.parse(stdout), {
      winner: {
        provider: 'webex',
        address: ROOM,
        source: 'body',
        sip: 'ann@nordwind.webex.com',
        dial: { app: ROOM, device: 'ann@nordwind.webex.com' },
        meetingId: null,
        passcode: null,
      },
      losers: [],
      ignored: [],
      reason: 'ONLY_CANDIDATE',
    });
  }
});

test('winner, losers and why are told in words', (t) => {
  const directory = folder(t);
  const body = `${ZOOM}\nMeeting ID: 812 3456 7890\nPasscode: 246810\n\nOr ${ROOM}, see https://zoom.us/u/abc`;
  writeFileSync(join(directory, 'a.txt'), body);
  assert.equal(
    program(directory, 'explain', 'a.txt').stdout,
    `How it is joined
  Provider             zoom
  Found in             the body
  Address              ${ZOOM}
  An app opens         ${ZOOM}
  A room device dials  ${ZOOM}
  Meeting id           81234567890
  Passcode             246810
  Why                  Of several in the same source its rule has the highest score.

Other ways to join
  webex: ${ROOM} (the body; its rule has a lower score)

No way to join
  https://zoom.us/u/abc (telephone numbers)
`,
  );
});

test('standard input is read with a type', async (t) => {
  const child = spawn(process.execPath, [resolve('src/main.ts'), 'explain', '-', '--type', 'txt', '--json'], {
    cwd: folder(t),
  });
  child.stdin.end(`see ${ROOM}`);
  assert.equal(JSON.parse(await text(child.stdout)).winner.provider, 'webex');
});

test('rules and order of a configuration are used when one is named', (t) => {
  const rules = `[join_targets]
order = ["body", "location"]
[[join_targets.rules]]
id = "our-bridge"
name = "Our bridge"
links = [{ hosts = ["video.nordwind.example"], paths = ["/room/{room=slug}"], sip = "{room}@{host}" }]
`;
  const directory = applianceFolder(t, rules);
  const event = {
    location: { displayName: ROOM },
    body: { contentType: 'text', content: 'https://video.nordwind.example/room/blue' },
  };
  writeFileSync(join(directory, 'a.json'), JSON.stringify(event));
  const { stdout } = program(directory, 'explain', 'a.json', '--json', '--config', 'appliance.config.toml');
  const { winner } = JSON.parse(stdout);
  assert.deepEqual([winner.provider, winner.sip], ['our-bridge', 'blue@video.nordwind.example']);
  assert.equal(JSON.parse(program(directory, 'explain', 'a.json', '--json').stdout).winner.provider, 'webex');
});

test('what can’t be explained is refused by a sentence', (t) => {
  const directory = folder(t);
  writeFileSync(join(directory, 'a.json'), '{');
  const refused = (...argv: string[]) => {
    const { status, stderr } = program(directory, 'explain', ...argv);
    return [status, stderr.split('\n')[0]];
  };
  assert.deepEqual(refused(), [
    2,
    'hybrid-calendar: explain: the file is missing; "-" reads standard input.',
  ]);
  assert.deepEqual(refused('none.html'), [
    74,
    'hybrid-calendar: explain: none.html can’t be read: check its path and who may read it.',
  ]);
  assert.deepEqual(refused('a.json'), [
    74,
    'hybrid-calendar: explain: a.json is no json file with an invitation: check --type and what the file holds.',
  ]);
  assert.deepEqual(refused('a.doc'), [
    2,
    'hybrid-calendar: explain: the name does not tell what the file is: give --type, one of html, txt, eml, ics, json.',
  ]);
});
