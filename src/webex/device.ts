import { z } from 'zod';
import { callWebex, unreadableAnswer, type WebexRestDeps, webexUrl } from './rest.ts';

const FAREWELL_TIMEOUT_MS = 3_000;
const DEVICE = z.object({ url: z.url(), webSocketUrl: z.url({ protocol: /^wss?$/ }) });
const DESCRIPTION = {
  deviceName: 'hybrid-calendar',
  deviceType: 'DESKTOP',
  localizedModel: 'hybrid-calendar',
  model: 'hybrid-calendar',
  name: 'hybrid-calendar',
  systemName: 'hybrid-calendar',
  systemVersion: '1',
} as const;

/** What Webex gives a registered device. `url` is its name in other services too. */
export type Device = Readonly<z.infer<typeof DEVICE>>;

/** Registers the appliance as a device of its own account (reference: webex.md 1.9). Throws AppError as `callWebex` does. */
export async function registerDevice(deps: WebexRestDeps, wdmUrl: string): Promise<Device> {
  const answer = await callWebex(deps, {
    method: 'POST',
    url: webexUrl(wdmUrl, ['devices']),
    body: DESCRIPTION,
  });
  const device = DEVICE.safeParse(answer.json).data;
  if (device === undefined) throw unreadableAnswer();
  return device;
}

/** Takes the registration back. Best effort: Webex drops forgotten devices by itself after a while. */
export async function unregisterDevice(deps: WebexRestDeps, device: Device): Promise<void> {
  const call = { method: 'DELETE', url: device.url, timeoutMs: FAREWELL_TIMEOUT_MS } as const;
  await callWebex(deps, call).catch(() => undefined);
}

/** The address of the device's event WebSocket in the form that sends texts and tells when it is ready. */
export function socketUrlOf(device: Device): string {
  const url = new URL(device.webSocketUrl);
  url.searchParams.set('outboundWireFormat', 'text');
  url.searchParams.set('bufferStates', 'true');
  url.searchParams.set('aliasHttpStatus', 'true');
  return url.toString();
}
