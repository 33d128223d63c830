import { Hono } from 'hono';
import type { CloudContext } from '../cloud-context.ts';
import { attachmentRoutes } from './attachments-api.ts';
import { batchRoutes } from './batch/batch-api.ts';
import { calendarViewRoutes } from './calendar-view-api.ts';
import { callPipeline } from './call-pipeline.ts';
import { deltaRoutes } from './delta/delta-api.ts';
import { eventRoutes } from './events-api.ts';
import { GraphRefusal, refusalAnswer } from './graph-refusal.ts';
import { graphState } from './graph-state.ts';
import { refuseUnrouted } from './known-operations.ts';
import { scheduleRoutes } from './schedule/schedule-api.ts';
import { settingsRoutes } from './settings/settings-api.ts';
import { subscriptionRoutes } from './subscriptions-api.ts';

export interface GraphService {
  readonly app: Hono;
  /** Begins to deliver notifications, those left from before included. */
  start(): void;
  /** Breaks off deliveries; afterwards nothing touches the disk any more. */
  stop(): Promise<void>;
}

/** The simulated Microsoft Graph v1.0: strict about what it takes, kept on disk. */
export function graphService(context: CloudContext): GraphService {
  const state = graphState(context);
  const app = new Hono();
  app.use('/v1.0/*', callPipeline(context));
  app.route('/', deltaRoutes(context));
  app.route('/', calendarViewRoutes(context));
  app.route('/', eventRoutes(context));
  app.route('/', attachmentRoutes(context));
  app.route('/', scheduleRoutes(context));
  app.route('/', settingsRoutes(context));
  app.route('/', subscriptionRoutes(context));
  app.route(
    '/',
    batchRoutes(context, async (request) => await app.fetch(request)),
  );
  app.all('/v1.0/*', (c) => {
    throw refuseUnrouted(c.req.path);
  });
  app.onError((error, c) => {
    if (error instanceof GraphRefusal) return refusalAnswer(context, c, error);
    throw error;
  });
  return {
    app,
    start: () => {
      state.courier.start();
      state.notifier.start();
    },
    stop: async () => {
      state.courier.stop();
      await state.notifier.stop();
    },
  };
}
