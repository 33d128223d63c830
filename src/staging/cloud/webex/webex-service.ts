import { Hono } from 'hono';
import type { CloudContext } from '../cloud-context.ts';
import { appRoutes } from './app-routes.ts';
import { deviceRoutes } from './devices.ts';
import { ingestRoutes } from './ingest-routes.ts';
import type { MercuryHub } from './mercury-hub.ts';
import { restRoutes } from './rest-routes.ts';
import { webexFaults } from './webex-control.ts';

/** The simulated Webex: ingest profile, the apps' calendar service, devices and the public REST API. */
export function webexService(context: CloudContext, mercury: MercuryHub): Hono {
  const app = new Hono();
  app.use('/calendar/*', webexFaults(context));
  app.use('/v1/*', webexFaults(context));
  for (const part of [
    ingestRoutes(context, mercury),
    appRoutes(context),
    deviceRoutes(context, mercury),
    restRoutes(context),
  ]) {
    app.route('/', part);
  }
  return app;
}
