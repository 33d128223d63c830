import { Hono } from 'hono';
import { z } from 'zod';
import type { ClockState } from './clock.ts';
import type { CloudContext } from './cloud-context.ts';

/** Certificates and calendars make sense within these years only. */
const EARLIEST = Date.UTC(2000, 0);
const LATEST = Date.UTC(2100, 0);

const STEER = z.strictObject({
  jumpMs: z.number().optional(),
  speed: z.number().positive().max(3_600).optional(),
});

/** Steers the installation's clock. Only programs on this machine reach it; a browser's page is refused. */
export function clockControl(context: CloudContext, steered: (state: ClockState) => void): Hono {
  const app = new Hono();
  app.use('/control/*', async (c, next) => {
    if (c.req.header('origin') !== undefined) return c.body(null, 403);
    await next();
    return undefined;
  });
  app.get('/control/clock', (c) => c.json({ now: context.clock.now(), speed: context.clock.state.speed }));
  app.post('/control/clock', async (c) => {
    const order = STEER.safeParse(await c.req.json().catch(() => null));
    if (!order.success)
      return c.json({ message: 'send {"jumpMs": number, "speed": number}, both optional' }, 400);
    const { jumpMs, speed } = order.data;
    const target = context.clock.now() + (jumpMs ?? 0);
    if (target < EARLIEST || target >= LATEST)
      return c.json({ message: 'the clock goes from the year 2000 to 2099' }, 400);
    const state = context.clock.steer({
      ...(jumpMs !== undefined && { jumpMs }),
      ...(speed !== undefined && { speed }),
    });
    context.disk.table<ClockState>('clock').put('state', state);
    steered(state);
    context.tell({
      where: 'control',
      what: `the clock now shows ${new Date(context.clock.now()).toISOString()}`,
    });
    return c.json({ now: context.clock.now(), speed: state.speed });
  });
  return app;
}
