import type { CloudContext } from '../cloud-context.ts';
import type { Table } from '../disk.ts';

/** One registered Webex device (an app or an appliance), reference: webex.md 1.9. */
export interface WebexDevice {
  readonly id: string;
  readonly userId: string;
  /** What the client told about itself. */
  readonly description: Readonly<Record<string, unknown>>;
}

export function deviceTable(context: CloudContext): Table<WebexDevice> {
  return context.disk.table<WebexDevice>('webex-devices');
}

/** The address that names a device, in `client.clientId` of KMS messages too. */
export function deviceUrl(context: CloudContext, id: string): string {
  return `${context.baseUrl}/wdm/api/v1/devices/${id}`;
}
