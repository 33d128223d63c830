import type { Upstream } from './app-error.ts';
import { CLEAR_FIELDS, type ClearField, type ClearSwitch } from './clear-fields.ts';

/** What one configured address is for. */
interface Destination {
  readonly upstream: Upstream;
  readonly purpose: string;
  /** What goes there and how it is protected besides TLS; what goes there in clear stands in CLEAR_FIELDS. */
  readonly sends: string;
}

/** Everywhere that the appliance may connect to, by its key in the configuration. Nothing else is on the allow-list (design D4). */
export const DESTINATIONS = {
  'graph.login_url': {
    upstream: 'graph',
    purpose: 'tokens for Microsoft 365',
    sends: 'the application’s id and its proof (a secret, or a signature of its certificate)',
  },
  'graph.graph_url': {
    upstream: 'graph',
    purpose: 'reads the calendars, writes join details into invitations, subscribes to changes',
    sends: 'ids, times, and the changed parts of the invitation itself',
  },
  'kms.url': {
    upstream: 'kms',
    purpose: 'keys of your key management server, and who may read them',
    sends: 'ids and key URIs, inside an encrypted channel of their own (JWE)',
  },
  'webex.ingest_url': {
    upstream: 'webex',
    purpose: 'the meetings list, reminders and presence of each person and room',
    sends: 'meeting items: ids, times and flags, and every sensitive field as a JWE under the mailbox’s key',
  },
  'webex.api_url': {
    upstream: 'webex',
    purpose: 'people, workspaces, personal rooms, meetings and spaces; a new token for the appliance',
    sends: 'ids, times, and the proof of the service app',
  },
  'webex.wdm_url': {
    upstream: 'webex',
    purpose: 'registers the appliance as a device, to be told of events',
    sends: 'the name of the product',
  },
  'webex.event_url': {
    upstream: 'webex',
    purpose: 'the WebSocket on which answers of the key server arrive',
    sends: 'the token of the service app',
  },
} as const satisfies Record<string, Destination>;

export type DestinationKey = keyof typeof DESTINATIONS;

/** Where a key of the configuration points to. */
export interface Target {
  readonly key: DestinationKey;
  readonly url: string;
}

/** Bytes since the start of the appliance. */
export interface HostTraffic {
  /** Epoch milliseconds; null when it was not used yet. */
  readonly lastUsedAt: number | null;
  readonly bytesOut: number;
  readonly bytesIn: number;
}

/** One host that the appliance may connect to as one of its upstreams. */
export interface EgressHost extends HostTraffic {
  readonly upstream: Upstream;
  /** Scheme, host and port. */
  readonly origin: string;
  /** The keys of the configuration that name it, and what each is for. */
  readonly uses: readonly (Pick<Destination, 'purpose' | 'sends'> & { readonly key: DestinationKey })[];
  /** What goes there in clear, from the closed list; `on` is false where its switch is off. */
  readonly clear: readonly (ClearField & { readonly on: boolean })[];
}

/** Every host with what it is for, what goes there in clear and how much it was used; one row for each upstream and origin. */
export function egressHosts(
  targets: readonly Target[],
  traffic: (upstream: Upstream, origin: string) => HostTraffic,
  isOn: (name: ClearSwitch) => boolean,
): EgressHost[] {
  const hosts = Map.groupBy(
    targets,
    ({ key, url }) => `${DESTINATIONS[key].upstream} ${new URL(url).origin}`,
  );
  return [...hosts.values()].flatMap((its) => {
    const [first] = its;
    if (first === undefined) return [];
    const { upstream } = DESTINATIONS[first.key];
    const { origin } = new URL(first.url);
    const uses = its.map(({ key }) => ({
      key,
      purpose: DESTINATIONS[key].purpose,
      sends: DESTINATIONS[key].sends,
    }));
    const clear = CLEAR_FIELDS.filter(({ host }) => its.some(({ key }) => key === host)).map((field) => ({
      ...field,
      on: field.switch === null || isOn(field.switch),
    }));
    return [{ upstream, origin, uses, clear, ...traffic(upstream, origin) }];
  });
}
