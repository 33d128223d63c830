import { Hono } from 'hono';
import type { CloudContext } from '../cloud-context.ts';
import { appRoutes } from './app-routes.ts';
import { deviceRoutes } from './devices.ts';
import { ingestRoutes } from './ingest-routes.ts';
import type { MercuryHub } from './mercury-hub.ts';
import { presenceRoutes } from './presence-routes.ts';
import { reminderRoutes } from './reminder-routes.ts';
import { restRoutes } from './rest-routes.ts';
import { catalogueRoutes } from './service-catalogue.ts';
import { tokenRoutes } from './token-routes.ts';
import { refuseUnknown } from './unknown-path.ts';
import { webexFaults } from './webex-faults.ts';

const PREFIXES = ['/calendar', '/apheleia', '/v1', '/wdm', '/u2c'];

/** The simulated Webex: ingest profile, the apps' calendar service, catalogue and devices, and the public REST API. */
export function webexService(context: CloudContext, mercury: MercuryHub): Hono {
  const app = new Hono();
  for (const prefix of PREFIXES) app.use(`${prefix}/*`, webexFaults(context));
  for (const part of [
    ingestRoutes(context, mercury),
    reminderRoutes(context, mercury),
    presenceRoutes(context),
    appRoutes(context),
    catalogueRoutes(context),
    deviceRoutes(context, mercury),
    // Before the guard of the REST API: who asks for a token has none.
    tokenRoutes(context),
    restRoutes(context),
  ]) {
    app.route('/', part);
  }
  refuseUnknown(app, PREFIXES);
  return app;
}
