import { randomBytes, randomUUID } from 'node:crypto';
import type { Disk } from './disk.ts';

/** One simulated person: a mailbox at Microsoft and an account at Webex. */
export interface Person {
  readonly address: string;
  readonly name: string;
  readonly entraId: string;
  readonly webexUserId: string;
  /** OAuth token of the person's Webex app; it also opens the KMS for that person. */
  readonly webexToken: string;
  readonly locale: string;
  /** Name in `https://<site>/meet/<roomName>`. */
  readonly roomName: string;
}

export interface Room extends Omit<Person, 'roomName' | 'locale'> {
  /** The room device's id at Webex. */
  readonly deviceId: string;
}

export interface AppRegistration {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly displayName: string;
  /** Application roles granted by consent. */
  readonly roles: readonly string[];
}

/** Who exists in the simulated tenant and organisation. Made at the first start, kept on disk. */
export interface Directory {
  readonly tenantId: string;
  readonly orgId: string;
  /** Host of the organisation's Webex site, e.g. `nordwind.webex.com`. */
  readonly site: string;
  readonly people: readonly Person[];
  readonly rooms: readonly Room[];
  /** The appliance's own app registration at Microsoft. */
  readonly appliance: AppRegistration;
  /** A second registration that plays people's calendar clients. */
  readonly outlook: AppRegistration;
  /** The appliance's identity at Webex and the KMS (service app). */
  readonly serviceApp: { readonly userId: string; readonly token: string };
}

const PEOPLE = [
  ['Astrid Lindqvist', 'sv-SE'],
  ['Bruno Almeida', 'pt-PT'],
  ['Chidi Okafor', 'en-GB'],
  ['Dana Levi', 'he-IL'],
  ['Elif Yılmaz', 'tr-TR'],
  ['Farid Haddad', 'ar-EG'],
  ['Greta Baumann', 'de-DE'],
  ['Hana Mori', 'ja-JP'],
] as const;
const ROOMS = ['Room Aurora', 'Room Borealis', 'Room Cumulus'] as const;
const DOMAIN = 'nordwind.example';

/** So many numbered people and rooms more, for load tests; they only count at the first start. */
export function openDirectory(disk: Disk, morePeople = 0, moreRooms = 0): Directory {
  const table = disk.table<Directory>('directory');
  const known = table.get('directory');
  if (known !== undefined) return known;
  const made = makeDirectory(morePeople, moreRooms);
  table.put('directory', made);
  return made;
}

function makeDirectory(morePeople: number, moreRooms: number): Directory {
  const extra = Array.from({ length: morePeople }, (_, n) => [`Load Person${n + 1}`, 'en-US'] as const);
  return {
    tenantId: randomUUID(),
    orgId: randomUUID(),
    site: 'nordwind.webex.com',
    people: [...PEOPLE, ...extra].map(([name, locale]) => makePerson(name, locale)),
    rooms: [...ROOMS, ...numberedRooms(moreRooms)].map(makeRoom),
    appliance: makeRegistration('Hybrid Calendar appliance', [
      'Calendars.ReadWrite',
      'MailboxSettings.ReadWrite',
    ]),
    outlook: makeRegistration('Outlook and friends (simulated)', [
      'Calendars.ReadWrite',
      'MailboxSettings.ReadWrite',
    ]),
    serviceApp: { userId: randomUUID(), token: secret() },
  };
}

function numberedRooms(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `Room Number${n + 1}`);
}

function account(name: string): Omit<Person, 'roomName' | 'locale'> {
  return {
    address: `${asciiName(name)}@${DOMAIN}`,
    name,
    entraId: randomUUID(),
    webexUserId: randomUUID(),
    webexToken: secret(),
  };
}

function makePerson(name: string, locale: string): Person {
  return { ...account(name), locale, roomName: asciiName(name) };
}

function makeRoom(name: string): Room {
  return { ...account(name), deviceId: randomUUID() };
}

function makeRegistration(displayName: string, roles: readonly string[]): AppRegistration {
  return { displayName, roles, clientId: randomUUID(), clientSecret: secret() };
}

function asciiName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replaceAll('ı', 'i');
  return plain.toLowerCase().replaceAll(' ', '.');
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}
