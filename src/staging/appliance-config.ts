import { join } from 'node:path';
import { listenerCertificate } from './cloud/certificate-authority.ts';
import type { Directory } from './cloud/directory.ts';
import type { ServiceAppKeys } from './cloud/webex/service-app-token.ts';
import type { Layout } from './layout.ts';

/** How the staged appliance proves itself to the login. */
export type Credential = 'secret' | 'certificate';

/** Names of the files among the appliance's secrets. */
export const CLIENT_CERTIFICATE = 'graph-client-cert.pem';
export const CLIENT_KEY = 'graph-client-key.pem';

export interface ApplianceSettings {
  readonly cloudPort: number;
  readonly publicPort: number;
  readonly adminPort: number;
  readonly fieldEncryption: string;
  readonly settleSeconds: number;
  readonly syncMode: string;
  readonly credential: Credential;
  readonly kmsRootPem: string;
  readonly serviceAppKeys: Pick<ServiceAppKeys, 'clientId' | 'clientSecret' | 'refreshToken'>;
  readonly directory: Directory;
}

/** Writes the staged appliance's configuration, secrets and certificates, as an administrator would. */
export function writeApplianceConfig(layout: Layout, settings: ApplianceSettings): void {
  const { directory, serviceAppKeys } = settings;
  const certificate = listenerCertificate(layout.ca);
  const secret = (name: string, value: string): void =>
    layout.write(join(layout.secrets, name), `${value}\n`);
  if (settings.credential === 'secret') secret('graph-client-secret.txt', directory.appliance.clientSecret);
  secret('webex-token.txt', directory.serviceApp.token);
  secret('webex-client-secret.txt', serviceAppKeys.clientSecret);
  secret('webex-refresh-token.txt', serviceAppKeys.refreshToken);
  secret('kms-root.pem', settings.kmsRootPem);
  secret('listener-cert.pem', certificate.certPem);
  secret('listener-key.pem', certificate.keyPem);
  layout.write(layout.configFile, toml(layout, settings));
}

const CREDENTIAL_LINES: Readonly<Record<Credential, string>> = {
  secret: 'client_secret_file = "secrets/graph-client-secret.txt"',
  certificate: `client_certificate_file = "secrets/${CLIENT_CERTIFICATE}"\nclient_key_file = "secrets/${CLIENT_KEY}"`,
};

function toml(layout: Layout, s: ApplianceSettings): string {
  const base = `https://127.0.0.1:${s.cloudPort}`;
  const listener = (port: number) =>
    `listen = "127.0.0.1:${port}"\ncert_file = "secrets/listener-cert.pem"\nkey_file = "secrets/listener-key.pem"`;
  return `# Written by "hybrid-calendar staging" at every start.
[store]
data_dir = "data"

[graph]
tenant_id = "${s.directory.tenantId}"
client_id = "${s.directory.appliance.clientId}"
${CREDENTIAL_LINES[s.credential]}
login_url = "${base}"
graph_url = "${base}"
ca_file = ${JSON.stringify(layout.caFile)}

[sync]
mode = "${s.syncMode}"
settle = "${s.settleSeconds}s"
# In a laboratory nobody waits for minutes.
delta_fast = "2s"
delta_slow = "10s"

[presence]
poll = "5s"

[kms]
url = "${base}"
user_id = "${s.directory.serviceApp.userId}"
token_file = "secrets/webex-token.txt"
ca_file = "secrets/kms-root.pem"
tls_ca_file = ${JSON.stringify(layout.caFile)}

[webex]
ingest_url = "${base}/calendar/ingest/v1"
api_url = "${base}/v1"
wdm_url = "${base}/wdm/api/v1"
token_file = "secrets/webex-token.txt"
client_id = "${s.serviceAppKeys.clientId}"
client_secret_file = "secrets/webex-client-secret.txt"
refresh_token_file = "secrets/webex-refresh-token.txt"
ca_file = ${JSON.stringify(layout.caFile)}
field_encryption = "${s.fieldEncryption}"

[web]
public_url = "https://127.0.0.1:${s.publicPort}"

[web.public]
${listener(s.publicPort)}

[web.admin]
${listener(s.adminPort)}

[lab]
enabled = true

[log]
level = "info"
`;
}
