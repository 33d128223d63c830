import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectDevice } from '../staging/device.ts';
import type { Answer, Installation } from '../system/installation.ts';
import type { AppCloud } from './webex-app.ts';

/** The simulated cloud of a running installation, as apps reach it. */
export function installedCloud(installation: Installation): AppCloud {
  const { applianceDir, caFile, kmsUrl } = installation.facts;
  const call = async (method: string, address: string, as: string, body?: object): Promise<Answer> => {
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const headers = { authorization: `Bearer ${as}`, ...type };
    const text = body === undefined ? undefined : JSON.stringify(body);
    return await installation.call(method, new URL(address, kmsUrl).href, headers, text);
  };
  return {
    kmsRoot: readFileSync(join(applianceDir, 'secrets', 'kms-root.pem'), 'utf8'),
    call: (method, address, { as, body }) => call(method, address, as, body),
    device: ({ webexToken: as }) =>
      connectDevice(
        (body) => call('POST', '/wdm/api/v1/devices', as, body),
        readFileSync(caFile, 'utf8'),
        as,
      ),
  };
}
