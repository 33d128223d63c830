import { type EgressHost, egressHosts } from '../../src/domain/egress.ts';
import { NOW } from './status-samples.ts';

/** An installation with titles shared, of which the sign-in host was not used yet. */
export const EGRESS_SAMPLE: readonly EgressHost[] = egressHosts(
  [
    { key: 'graph.login_url', url: 'https://login.microsoftonline.com' },
    { key: 'graph.graph_url', url: 'https://graph.microsoft.com' },
    { key: 'kms.url', url: 'https://kms.nordwind.example' },
    { key: 'webex.ingest_url', url: 'https://ingest.nordwind.example/v1' },
    { key: 'webex.api_url', url: 'https://webexapis.com/v1' },
  ],
  (_, origin) =>
    origin.includes('login')
      ? { lastUsedAt: null, bytesOut: 0, bytesIn: 0 }
      : { lastUsedAt: NOW - 90_000, bytesOut: 1_234_567, bytesIn: 987 },
  (name) => name === 'scheduling.share_title',
);
