import { randomUUID } from 'node:crypto';
import type { Check } from './check.ts';
import { Failed, type Server } from './server.ts';
import { SocketPeer } from './socket-peer.ts';

const DEVICE = { deviceName: 'conformance', deviceType: 'DESKTOP' } as const;
const QUERY = { outboundWireFormat: 'text', bufferStates: 'true', aliasHttpStatus: 'true' } as const;

interface Registration {
  readonly url: string;
  readonly webSocketUrl: string;
}

async function registered(server: Server, token = server.facts.token): Promise<Registration> {
  const url = `${server.facts.wdmUrl}/devices`;
  const asked = { operation: 'registerDevice', method: 'POST', url, body: DEVICE, token } as const;
  const answer = await server.exchange(asked);
  if (answer.status !== 200) throw new Failed(`a device is not registered: ${answer.status}`);
  return answer.json;
}

function dial(server: Server, { webSocketUrl }: Registration): SocketPeer {
  const url = new URL(webSocketUrl);
  for (const [name, value] of Object.entries(QUERY)) url.searchParams.set(name, value);
  return new SocketPeer(server, url.toString());
}

/** A device of whom the token belongs to, with its socket ready; both are gone afterwards. */
export async function withSocket(
  server: Server,
  token: string,
  use: (peer: SocketPeer, device: Registration) => Promise<void>,
): Promise<void> {
  const device = await registered(server, token);
  const peer = dial(server, device);
  try {
    await peer.authorize(token);
    await use(peer, device);
  } finally {
    peer.close();
    await unregister(server, device, token);
  }
}

async function unregister(
  server: Server,
  { url }: Registration,
  token = server.facts.token,
): Promise<number> {
  return (await server.exchange({ operation: 'unregisterDevice', method: 'DELETE', url, token })).status;
}

/** A socket whose first frame is not accepted. */
const closedOn = (name: string, frame: object, code: number): Check => ({
  name,
  run: async (server) => {
    const device = await registered(server);
    const peer = dial(server, device);
    try {
      await peer.send(frame);
      const closed = await peer.closed();
      if (closed !== code) throw new Failed(`the close code is ${closed}, not ${code}`);
    } finally {
      await unregister(server, device);
    }
  },
});

/** The event WebSocket. */
export const SOCKET_CHECKS: readonly Check[] = [
  {
    name: 'is ready after the authorization, under a device of its own',
    run: async (server) => {
      await withSocket(server, server.facts.token, async (_peer, { url }) => {
        const other = await registered(server);
        await unregister(server, other);
        if (other.url === url) throw new Failed('two registrations have one address');
      });
    },
  },
  {
    name: 'answers a ping with its id, and takes acknowledgements and pongs',
    run: async (server) => {
      await withSocket(server, server.facts.token, async (peer) => {
        await peer.send({ messageId: randomUUID(), type: 'ack' });
        await peer.send({ id: randomUUID(), type: 'pong' });
        for (const id of [randomUUID(), randomUUID()]) {
          await peer.send({ id, type: 'ping' });
          const pong = await peer.frame((frame) => frame.type === 'pong');
          if (pong.id !== id) throw new Failed(`the pong has the id ${pong.id}, not that of the ping`);
        }
      });
    },
  },
  {
    name: 'sends nothing before the authorization',
    run: async (server) => {
      const device = await registered(server);
      const peer = dial(server, device);
      await peer.opened();
      const early = await peer.frameWithin(500);
      peer.close();
      await unregister(server, device);
      if (early !== null) throw new Failed('a frame came before the authorization');
    },
  },
  closedOn(
    'closes with 4401 on a token that is not valid',
    { id: 'a', type: 'authorization', data: { token: 'Bearer made-up' } },
    4401,
  ),
  closedOn('closes with 4400 when the first frame is no authorization', { id: 'a', type: 'ping' }, 4400),
  {
    name: 'gives the place to the newer connection of a device, and tells the older one by 4000',
    run: async (server) => {
      await withSocket(server, server.facts.token, async (peer, device) => {
        const newer = dial(server, device);
        await newer.authorize(server.facts.token);
        const code = await peer.closed();
        newer.close();
        if (code !== 4000) throw new Failed(`the close code of the older one is ${code}, not 4000`);
      });
    },
  },
  {
    name: 'closes the socket of a device that is taken back, and knows it no more',
    run: async (server) => {
      const device = await registered(server);
      const peer = dial(server, device);
      await peer.authorize(server.facts.token);
      if ((await unregister(server, device)) !== 204) throw new Failed('the device is not taken back');
      await peer.closed();
      if ((await unregister(server, device)) !== 404) throw new Failed('the device is still known');
      const again = dial(server, device);
      await again.closed();
    },
  },
];
