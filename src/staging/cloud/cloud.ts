import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { CertificateAuthority } from './certificate-authority.ts';
import { type ClockState, REAL_TIME, SteeredClock } from './clock.ts';
import type { CloudContext, Happening } from './cloud-context.ts';
import { clockControl } from './control.ts';
import { openDirectory } from './directory.ts';
import { Disk } from './disk.ts';
import { graphControl } from './graph/graph-control.ts';
import { graphService } from './graph/graph-service.ts';
import { ensureKmsIdentity } from './kms/kms-identity.ts';
import { kmsControl, kmsService } from './kms/kms-service.ts';
import { authenticateGraph } from './login/access-token.ts';
import { loginControl } from './login/login-control.ts';
import { loginService } from './login/login-service.ts';
import { MercuryHub } from './webex/mercury-hub.ts';
import { webexControl } from './webex/webex-control.ts';
import { webexService } from './webex/webex-service.ts';
import { recordGraph, recordWebex } from './wire-record.ts';

export interface CloudOptions {
  readonly directory: string;
  readonly caDirectory: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly morePeople: number;
  readonly moreRooms: number;
  readonly tell: (happening: Happening) => void;
  readonly steered: (state: ClockState) => void;
}

export interface RunningCloud {
  readonly context: CloudContext;
  readonly port: number;
  close(): Promise<void>;
}

/** The simulated Microsoft 365, KMS and Webex on one HTTPS port of this machine. */
export async function startCloud(o: CloudOptions): Promise<RunningCloud> {
  const authority = await CertificateAuthority.open(o.caDirectory);
  await authority.issueForListeners();
  const { certPem: cert, keyPem: key } = await authority.issue();
  const disk = new Disk(o.directory);
  const clock = new SteeredClock(disk.table<ClockState>('clock').get('state') ?? REAL_TIME);
  await ensureKmsIdentity({ disk, clock });
  const app = new Hono();
  const server = createServer({ cert, key, keepAliveTimeout: 60_000 }, getRequestListener(app.fetch));
  // Nothing may be awaited between this and the last route: the appliance may be calling already.
  const port = await listenOn(server, o.port);
  const context: CloudContext = {
    disk,
    clock,
    directory: openDirectory(disk, o.morePeople, o.moreRooms),
    baseUrl: `https://127.0.0.1:${port}`,
    caPem: authority.caPem,
    tell: o.tell,
  };
  const mercury = new MercuryHub(context);
  server.on('upgrade', (request, socket, head) => {
    if (!mercury.handleUpgrade(request, socket, head)) socket.destroy();
  });
  const graph = graphService(context);
  app.use(recordWebex(o.directory));
  const { outlook } = context.directory;
  app.use(recordGraph(o.directory, (request) => authenticateGraph(context, request) === outlook));
  const parts = [
    clockControl(context, o.steered),
    graphControl(context),
    loginControl(context),
    kmsControl(context, mercury),
    webexControl(context),
  ];
  const services = [
    loginService(context),
    graph.app,
    kmsService(context, mercury),
    webexService(context, mercury),
  ];
  for (const part of [...parts, ...services]) app.route('/', part);
  graph.start();
  return {
    context,
    port,
    close: async () => {
      await graph.stop();
      mercury.close();
      server.close();
      server.closeAllConnections();
      disk.close();
    },
  };
}

async function listenOn(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
