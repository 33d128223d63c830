import type { CloudContext } from '../cloud-context.ts';
import type { Directory } from '../directory.ts';
import { GraphRefusal } from './graph-refusal.ts';

/** Whose mailbox it is. `guid` is the object id in the directory and the mailbox's name everywhere in here. */
export interface Owner {
  readonly guid: string;
  readonly address: string;
  readonly name: string;
  readonly purpose: 'user' | 'room';
  /** Empty for rooms: nobody ever chose a language there. */
  readonly locale: string;
}

// Directories of load tests hold tens of thousands of people.
const known = new WeakMap<Directory, ReadonlyMap<string, Owner>>();

/** The owner by GUID or address, case-insensitively; null when the tenant has no such mailbox. */
export function findOwner(context: CloudContext, name: string): Owner | null {
  return ownerIndex(context).get(name.trim().toLowerCase()) ?? null;
}

/** Everybody who has a mailbox. */
export function ownersOf(context: CloudContext): Owner[] {
  return [...new Set(ownerIndex(context).values())];
}

/** As `findOwner`, but refuses with Graph's 404. */
export function requireOwner(context: CloudContext, name: string): Owner {
  const owner = findOwner(context, name);
  if (owner !== null) return owner;
  const message = 'REST API is not yet supported for this mailbox.';
  throw new GraphRefusal(404, 'MailboxNotSupportedForRESTAPI', message);
}

function ownerIndex({ directory }: CloudContext): ReadonlyMap<string, Owner> {
  const indexed = known.get(directory) ?? indexOwners(directory);
  known.set(directory, indexed);
  return indexed;
}

function indexOwners(directory: Directory): ReadonlyMap<string, Owner> {
  const owners = new Map<string, Owner>();
  const add = (owner: Owner): void => {
    owners.set(owner.guid.toLowerCase(), owner);
    owners.set(owner.address.toLowerCase(), owner);
  };
  for (const { entraId, address, name, locale } of directory.people)
    add({ guid: entraId, address, name, locale, purpose: 'user' });
  for (const { entraId, address, name } of directory.rooms)
    add({ guid: entraId, address, name, locale: '', purpose: 'room' });
  return owners;
}
