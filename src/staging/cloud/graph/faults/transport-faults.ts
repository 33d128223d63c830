import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import type { CloudContext } from '../../cloud-context.ts';
import { graphState } from '../graph-state.ts';
import type { Call } from './call-faults.ts';

const CHUNKS = 10;

interface Socket {
  destroy(): void;
}

/**
 * Serves a call over a bad line: connections that break before or after it took effect, answers that start late or trickle.
 * Members of a batch have no line of their own; they are only delayed.
 */
export async function overBadLine(context: CloudContext, c: Context, call: Call): Promise<Response | null> {
  const { misbehaviours } = graphState(context);
  const socket = socketOf(c);
  const reset = socket === null ? null : misbehaviours.strike('reset', call.about);
  if (socket !== null && reset?.when === 'before') return broken(socket);
  const latency = misbehaviours.strike('latency', call.about);
  if (latency?.when === 'before') await pause(latency.delayMs);
  await call.serve();
  if (latency?.when === 'after') await pause(latency.delayMs);
  if (socket === null) return null;
  if (reset !== null) return broken(socket);
  const slow = misbehaviours.strike('slow-body', call.about);
  return slow === null ? null : await trickling(c.res, slow.overMs);
}

function broken(socket: Socket): Response {
  socket.destroy();
  return RESPONSE_ALREADY_SENT;
}

async function trickling(response: Response, overMs: number): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const size = Math.max(1, Math.ceil(bytes.length / CHUNKS));
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      await pause(overMs / CHUNKS);
      if (sent >= bytes.length) {
        controller.close();
        return;
      }
      controller.enqueue(bytes.subarray(sent, sent + size));
      sent += size;
    },
  });
  return new Response(bytes.length === 0 ? null : body, response);
}

// Sockets stay on real time.
async function pause(ms: number): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
}

function socketOf(c: Context): Socket | null {
  const { incoming } = (c.env ?? {}) as { readonly incoming?: { readonly socket: Socket } };
  return incoming?.socket ?? null;
}
