import { Hono } from 'hono';
import type { CloudContext } from '../cloud-context.ts';
import { meetingRoutes } from './meetings/meeting-routes.ts';
import { peopleRoutes } from './people-routes.ts';
import { preferenceRoutes } from './preference-routes.ts';
import { membershipRoutes } from './spaces/membership-routes.ts';
import { roomRoutes } from './spaces/room-routes.ts';
import { webexError } from './webex-error.ts';
import { authenticateWebex } from './webex-token.ts';
import { workspaceRoutes } from './workspace-routes.ts';

/** The part of the public REST API that calendars need (reference: webex.md 4). */
export function restRoutes(context: CloudContext): Hono {
  const app = new Hono();
  app.use('/v1/*', async (c, next) =>
    authenticateWebex(context, c.req.raw) === null ? webexError(c, 401) : next(),
  );
  for (const part of [
    peopleRoutes(context),
    workspaceRoutes(context),
    preferenceRoutes(context),
    meetingRoutes(context),
    roomRoutes(context),
    membershipRoutes(context),
  ])
    app.route('/', part);
  return app;
}
