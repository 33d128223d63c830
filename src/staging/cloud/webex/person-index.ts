import type { CloudContext } from '../cloud-context.ts';
import type { Directory, Person } from '../directory.ts';

interface People {
  readonly byAddress: ReadonlyMap<string, Person>;
  readonly byUserId: ReadonlyMap<string, Person>;
}

// A load-test directory has tens of thousands of people: looking through the list at every request would dominate the run.
const known = new WeakMap<Directory, People>();

/** The person with this address, in whatever case it is written. */
export function personAt(context: CloudContext, address: string): Person | undefined {
  return peopleOf(context.directory).byAddress.get(address.toLowerCase());
}

/** The person with this UUID at Webex. */
export function personOf(context: CloudContext, webexUserId: string): Person | undefined {
  return peopleOf(context.directory).byUserId.get(webexUserId.toLowerCase());
}

function peopleOf(directory: Directory): People {
  let people = known.get(directory);
  if (people === undefined) {
    const all = directory.people;
    people = {
      byAddress: new Map(all.map((one) => [one.address, one])),
      byUserId: new Map(all.map((one) => [one.webexUserId, one])),
    };
    known.set(directory, people);
  }
  return people;
}
