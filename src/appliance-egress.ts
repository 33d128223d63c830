import type { ClearSwitch } from './domain/clear-fields.ts';
import type { DestinationKey, Target } from './domain/egress.ts';
import type { Config } from './ops/config.ts';

/** Everywhere that the configuration lets the appliance connect to: what the clients' allow-lists and the page are made from. */
export function targetsOf({ graph, kms, webex }: Pick<Config, 'graph' | 'kms' | 'webex'>): Target[] {
  const all: readonly (readonly [DestinationKey, string | null])[] = [
    ['graph.login_url', graph.loginUrl],
    ['graph.graph_url', graph.graphUrl],
    ['kms.url', kms.url],
    ['webex.ingest_url', webex.ingestUrl],
    ['webex.api_url', webex.apiUrl],
    ['webex.wdm_url', webex.wdmUrl],
    ['webex.event_url', webex.eventUrl],
  ];
  return all.flatMap(([key, url]) => (url === null ? [] : [{ key, url }]));
}

/** The origins of some of them, for a client that may call these and no others. */
export function originsOf(targets: readonly Target[], ...keys: readonly DestinationKey[]): string[] {
  return targets.filter(({ key }) => keys.includes(key)).map(({ url }) => new URL(url).origin);
}

/** Whether a switch of the closed list is on. */
export function isSwitchedOn({ scheduling }: Pick<Config, 'scheduling'>, name: ClearSwitch): boolean {
  const { title, people } = scheduling.sharing;
  return { 'scheduling.share_title': title, 'scheduling.share_people': people }[name];
}
