import type { Answered, Asked, Spoiling } from './broken-proxy.ts';

/** A cloud side that is wrong in one way, and a check that has to find it. */
export interface Variant {
  readonly name: string;
  readonly spoiling: () => Spoiling;
  readonly found: RegExp;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const MEETINGS = /\/meetings\//;
const answer = (status: number, body: object): Answered => ({
  status,
  headers: JSON_TYPE,
  body: JSON.stringify(body),
});
const error = (status: number): Answered =>
  answer(status, { message: 'No.', errors: [{ description: 'No.' }], trackingId: 'T' });
const onMeetings = (change: (asked: Asked, given: Answered) => Answered): Spoiling => ({
  answered: (asked, given) => (MEETINGS.test(asked.path) ? change(asked, given) : given),
});
const onReminders = (change: (asked: Asked, given: Answered) => Answered): Spoiling => ({
  answered: (asked, given) => (/\/reminders\//.test(asked.path) ? change(asked, given) : given),
});
const withBody = (given: Answered, change: (json: Record<string, unknown>) => object): Answered =>
  given.body === '' ? given : { ...given, body: JSON.stringify(change(JSON.parse(given.body))) };
const withItem = (asked: Asked, change: (item: Record<string, unknown>) => void): Asked => {
  if (asked.method !== 'PUT' || !MEETINGS.test(asked.path)) return asked;
  try {
    const body = JSON.parse(asked.body);
    change(body.item ?? {});
    return { ...asked, body: JSON.stringify(body) };
  } catch {
    return asked;
  }
};
const versionOf = ({ body, path }: Asked): number =>
  Number(/"version":(\d+)/.exec(body)?.[1] ?? /version=(\d+)/.exec(path)?.[1]);

export const VARIANTS: readonly Variant[] = [
  {
    name: 'answers a created meeting as an updated one',
    spoiling: () => onMeetings((_, given) => (given.status === 201 ? { ...given, status: 200 } : given)),
    found: /creates a meeting/,
  },
  {
    name: 'forgets to say what became of a delivery',
    spoiling: () => onMeetings((_, given) => withBody(given, ({ outcome: _outcome, ...rest }) => rest)),
    found: /creates a meeting/,
  },
  {
    name: 'answers success as plain text',
    spoiling: () => onMeetings((_, given) => ({ ...given, headers: { 'content-type': 'text/plain' } })),
    found: /creates a meeting/,
  },
  {
    name: 'takes a version that it holds already',
    spoiling: () =>
      onMeetings(({ method }, given) =>
        given.status === 409 && method === 'PUT' ? answer(200, { outcome: 'updated' }) : given,
      ),
    found: /fences what is not newer/,
  },
  {
    name: 'does not tell which version it holds',
    spoiling: () => onMeetings((_, given) => withBody(given, ({ version: _version, ...rest }) => rest)),
    found: /fences what is not newer/,
  },
  {
    name: 'tells the version that was sent as the one that is held',
    spoiling: () =>
      onMeetings((asked, given) =>
        given.status === 409 ? answer(409, { outcome: 'fenced', version: versionOf(asked) }) : given,
      ),
    found: /fences what is not newer/,
  },
  {
    name: 'takes every withdrawal',
    spoiling: () =>
      onMeetings(({ method }, given) =>
        given.status === 409 && method === 'DELETE' ? answer(200, { outcome: 'withdrawn' }) : given,
      ),
    found: /fences a withdrawal/,
  },
  {
    name: 'forgets the version of what was withdrawn',
    spoiling: () => {
      const withdrawn = new Set<string>();
      return onMeetings(({ method, path }, given) => {
        const [key = ''] = path.split('?');
        if (method === 'DELETE' && given.status === 200) withdrawn.add(key);
        const forgotten = method === 'PUT' && given.status === 409 && withdrawn.has(key);
        return forgotten ? answer(201, { outcome: 'created' }) : given;
      });
    },
    found: /keeps the version of what was withdrawn/,
  },
  {
    name: 'does not withdraw what it never had',
    spoiling: () => {
      const known = new Set<string>();
      return onMeetings(({ method, path }, given) => {
        const [key = ''] = path.split('?');
        if (method === 'PUT') known.add(key);
        return method === 'DELETE' && given.status === 200 && !known.has(key) ? error(404) : given;
      });
    },
    found: /withdraws what it never had/,
  },
  {
    name: 'holds one version for all users',
    spoiling: () => {
      const versions = new Map<string, number>();
      return onMeetings((asked, given) => {
        const key = asked.path.replace(/.*\/meetings\//, '').split('?')[0] ?? '';
        const held = versions.get(key) ?? 0;
        if (given.status < 300) versions.set(key, Math.max(held, versionOf(asked)));
        return given.status === 201 && versionOf(asked) < held
          ? answer(409, { outcome: 'fenced', version: held })
          : given;
      });
    },
    found: /knows versions of every meeting of every user apart/,
  },
  {
    name: 'compares versions as texts',
    spoiling: () => {
      const versions = new Map<string, string>();
      return onMeetings((asked, given) => {
        const [key = ''] = asked.path.split('?');
        const version = String(versionOf(asked));
        const held = versions.get(key) ?? '';
        if (given.status < 300) versions.set(key, held > version ? held : version);
        return given.status === 200 && held > version
          ? answer(409, { outcome: 'fenced', version: Number(held) })
          : given;
      });
    },
    found: /compares versions as numbers/,
  },
  {
    name: 'knows users only by their id in small letters',
    spoiling: () => ({
      asked: (asked) => (/\/users\/[^/]*[A-F]/.test(asked.path) ? error(404) : asked),
    }),
    found: /takes the id of a user in any case/,
  },
  {
    name: 'keeps an item with a subject in clear',
    spoiling: () => ({
      asked: (asked) =>
        withItem(asked, (item) => {
          if (item.encryptedSubject === 'Budget') delete item.encryptedSubject;
        }),
    }),
    found: /sensitive member in clear/,
  },
  {
    name: 'drops members that it does not know in silence',
    spoiling: () => ({
      asked: (asked) =>
        withItem(asked, (item) => {
          delete item.subject;
        }),
    }),
    found: /member that the profile does not have/,
  },
  {
    name: 'does not compare the id with the path',
    spoiling: () => ({
      asked: (asked) =>
        withItem(asked, (item) => {
          const id = /\/meetings\/([^?]+)/.exec(asked.path)?.[1] ?? '';
          item.id = Buffer.from(id, 'base64url').toString();
        }),
    }),
    found: /whose id is not that of the path/,
  },
  {
    name: 'serves who has no token',
    spoiling: () => ({
      answered: (_, given) => (given.status === 401 ? answer(201, { outcome: 'created' }) : given),
    }),
    found: /refuses who has no valid token/,
  },
  {
    name: 'makes up users that do not exist',
    spoiling: () =>
      onMeetings((_, given) => (given.status === 404 ? answer(201, { outcome: 'created' }) : given)),
    found: /knows no user that does not exist/,
  },
  {
    name: 'refuses in a shape of its own',
    spoiling: () => ({
      answered: (_, given) => (given.status === 400 ? answer(400, { error: 'bad request' }) : given),
    }),
    found: /refuses a version that is no whole number/,
  },
  {
    name: 'asks to slow down without saying how long',
    spoiling: () => {
      let calls = 0;
      return {
        asked: (asked) => {
          calls += 1;
          return calls === 3 ? error(429) : asked;
        },
      };
    },
    found: /creates a meeting/,
  },
  {
    name: 'fails in the middle with a page of a proxy',
    spoiling: () => {
      let calls = 0;
      return {
        asked: (asked) => {
          calls += 1;
          const headers = { 'content-type': 'text/html' };
          return calls === 4 ? { status: 502, headers, body: '<h1>Bad gateway</h1>' } : asked;
        },
      };
    },
    found: /fences what is not newer/,
  },
  {
    name: 'accepts what is too large',
    spoiling: () => ({
      answered: (_, given) => (given.status === 413 ? answer(201, { outcome: 'created' }) : given),
    }),
    found: /too large/,
  },
  {
    name: 'takes a reminder once more that it holds already',
    spoiling: () =>
      onReminders((_, given) => (given.status === 409 ? answer(200, { outcome: 'updated' }) : given)),
    found: /nobody is reminded twice/,
  },
  {
    name: 'announces every reminder as a new one',
    spoiling: () =>
      onReminders(({ method }, given) =>
        given.status === 200 && method === 'PUT' ? answer(201, { outcome: 'created' }) : given,
      ),
    found: /shows a reminder, replaces it/,
  },
  {
    name: 'forgets the version of a reminder that was taken away',
    spoiling: () => {
      const gone = new Set<string>();
      return onReminders(({ method, path }, given) => {
        const [key = ''] = path.split('?');
        if (method === 'DELETE' && given.status === 200) gone.add(key);
        return method === 'PUT' && given.status === 409 && gone.has(key)
          ? answer(201, { outcome: 'created' })
          : given;
      });
    },
    found: /keeps the version of a reminder/,
  },
  {
    name: 'takes the versions of meetings for those of their reminders',
    spoiling: () => {
      const versions = new Map<string, number>();
      return {
        answered: (asked, given) => {
          const key = asked.path.replace(/(meetings|reminders)/, '').split('?')[0] ?? '';
          const held = versions.get(key) ?? 0;
          if (given.status < 300) versions.set(key, Math.max(held, versionOf(asked)));
          return given.status === 201 && versionOf(asked) < held
            ? answer(409, { outcome: 'fenced', version: held })
            : given;
        },
      };
    },
    found: /versions of a reminder and of its meeting apart/,
  },
  {
    name: 'keeps a reminder with a join address in clear',
    spoiling: () => ({
      asked: (asked) => ({ ...asked, body: asked.body.replace(/"meetingJoinURL":"https:[^"]*"/, '') }),
    }),
    found: /a join address in clear/,
  },
  {
    name: 'takes a reminder that ends before it begins',
    spoiling: () =>
      onReminders((_, given) => (given.status === 400 ? answer(201, { outcome: 'created' }) : given)),
    found: /that ends before it begins/,
  },
  {
    name: 'tells no app of a reminder',
    spoiling: () => ({
      frame: (frame) => (frame.data?.eventType?.startsWith('calendar.reminder.') ? null : frame),
    }),
    found: /pushes a reminder to the app/,
  },
  {
    name: 'tells the app of a reminder without what it holds',
    spoiling: () => ({
      frame: (frame) =>
        frame.data?.calendarReminderExternal === undefined
          ? frame
          : {
              ...frame,
              data: {
                ...frame.data,
                calendarReminderExternal: { id: frame.data.calendarReminderExternal.id },
              },
            },
    }),
    found: /pushes a reminder to the app/,
  },
  {
    name: 'tells the app of a change as of something new',
    spoiling: () => ({
      frame: (frame) =>
        String(frame.data?.eventType).endsWith('.update')
          ? { ...frame, data: { ...frame.data, eventType: frame.data.eventType.replace('update', 'create') } }
          : frame,
    }),
    found: /pushes a meeting to the app/,
  },
  {
    name: 'shows no Join button to who connects after it came',
    spoiling: () => {
      const told = new Set<string>();
      let standing = new Set<string>();
      return {
        asked: (asked) => {
          told.add(/"reminder":\{"id":"([^"]*)"/.exec(asked.body)?.[1] ?? '');
          return asked;
        },
        frame: (frame) => {
          if (frame.data?.eventType === 'mercury.buffer_state') standing = new Set(told);
          return standing.has(frame.data?.calendarReminderExternal?.id) ? null : frame;
        },
      };
    },
    found: /an app that connects later/,
  },
  {
    name: 'fences presence by the versions of all users together',
    spoiling: () => {
      let highest = 0;
      return {
        answered: (asked, given) => {
          if (!asked.path.endsWith('/presence') || given.status !== 200) return given;
          const version = versionOf(asked);
          if (version <= highest) return answer(409, { outcome: 'fenced', version: highest });
          highest = version;
          return given;
        },
      };
    },
    found: /knows the versions of presence/,
  },
  {
    name: 'takes an end of being in the office',
    spoiling: () => ({
      asked: (asked) =>
        asked.path.endsWith('/presence') && asked.body.includes('"active"')
          ? { ...asked, body: asked.body.replace(/,"expiresTime":"[^"]*"/, '') }
          : asked,
    }),
    found: /refuses presence that makes no sense/,
  },
  {
    name: 'never gets ready',
    spoiling: () => ({ frame: (frame) => (frame.data?.eventType === 'mercury.buffer_state' ? null : frame) }),
    found: /is ready after the authorization/,
  },
  {
    name: 'answers every ping with the same id',
    spoiling: () => ({ frame: (frame) => (frame.type === 'pong' ? { ...frame, id: 'pong' } : frame) }),
    found: /answers a ping with its id/,
  },
  {
    name: 'sends events without an id',
    spoiling: () => ({ frame: ({ id, ...frame }) => (frame.type === 'pong' ? { id, ...frame } : frame) }),
    found: /is ready after the authorization/,
  },
  {
    name: 'speaks before it knows to whom',
    spoiling: () => ({ greeting: { id: 'hello', data: { eventType: 'hello' } } }),
    found: /sends nothing before the authorization/,
  },
  {
    name: 'closes on a wrong token as if all were well',
    spoiling: () => ({ closeCode: (code) => (code === 4401 ? 1000 : code) }),
    found: /closes with 4401/,
  },
  {
    name: 'leaves both connections of a device open',
    spoiling: () => ({ closeCode: (code) => (code === 4000 ? 0 : code) }),
    found: /gives the place to the newer connection/,
  },
  {
    name: 'knows a device that was taken back',
    spoiling: () => ({
      answered: (asked, given) =>
        asked.method === 'DELETE' && asked.path.includes('/devices/') && given.status === 404
          ? { status: 204, headers: {}, body: '' }
          : given,
    }),
    found: /closes the socket of a device that is taken back/,
  },
];
