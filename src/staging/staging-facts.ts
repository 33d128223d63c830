import type { Directory } from './cloud/directory.ts';

export interface FactsInput {
  /** False while one of the two processes is down. */
  readonly ready: boolean;
  readonly cloudPort: number;
  readonly adminPort: number;
  readonly publicPort: number;
  readonly caFile: string;
  readonly applianceDir: string;
  readonly appliancePid: number;
  readonly cloudPid: number;
  readonly password: string;
  readonly directory: Directory;
}

/** staging.json: all one needs to act as anybody in this installation. */
export function stagingFacts(i: FactsInput) {
  const cloud = `127.0.0.1:${i.cloudPort}`;
  const base = `https://${cloud}`;
  const { clientId, clientSecret } = i.directory.outlook;
  return {
    ready: i.ready,
    adminUrl: `https://127.0.0.1:${i.adminPort}`,
    publicUrl: `https://127.0.0.1:${i.publicPort}`,
    caFile: i.caFile,
    loginUrl: base,
    graphUrl: base,
    tenantId: i.directory.tenantId,
    kmsUrl: base,
    webexUrl: base,
    webexApiUrl: base,
    mercuryUrl: `wss://${cloud}/mercury`,
    controlUrl: `${base}/control`,
    appliancePid: i.appliancePid,
    cloudPid: i.cloudPid,
    applianceDir: i.applianceDir,
    outlook: { clientId, clientSecret },
    admin: { user: 'admin', password: i.password },
    users: i.directory.people.map(({ address, name, entraId, webexUserId, webexToken }) => {
      return { address, name, entraId, webexUserId, webexToken };
    }),
    rooms: i.directory.rooms,
  };
}

export type Facts = ReturnType<typeof stagingFacts>;
