import { z } from 'zod';

/** Graph never sends so many; a stranger might. */
const MAX_ITEMS = 1000;
/** Printable ASCII: what Exchange's ids and etags are made of. */
const eventId = z.string().regex(/^[\x21-\x7e]{1,1024}$/);
const lifecycleEvents = ['reauthorizationRequired', 'subscriptionRemoved', 'missed'] as const;

const batch = z.object({ value: z.array(z.unknown()).max(MAX_ITEMS) });

/** Recorded notifications carry null where the documentation promises a text (reference: graph.md 2.4). */
const common = z.object({
  subscriptionId: z.string().min(1).max(128),
  tenantId: z.string().max(64).nullish(),
  clientState: z.string().max(1024).nullish(),
  lifecycleEvent: z.enum(lifecycleEvents).optional(),
});

const change = z.object({
  changeType: z.string().regex(/^[a-zA-Z,]{1,64}$/),
  resource: z.string().max(4096).optional(),
  resourceData: z
    .object({ id: z.string().nullish(), '@odata.etag': z.string().max(1024).nullish() })
    .nullish(),
});

export type LifecycleEvent = (typeof lifecycleEvents)[number];

interface Sender {
  readonly subscriptionId: string;
  readonly tenantId: string | null;
  readonly clientState: string;
}

/** One item of a batch, read as far as it may be trusted: nothing here is checked against a subscription yet. */
export type NotificationItem =
  | (Sender & {
      readonly kind: 'change';
      readonly eventId: string;
      readonly changeType: string;
      readonly etag: string;
    })
  | (Sender & { readonly kind: 'lifecycle'; readonly event: LifecycleEvent });

/** The items of a batch, null in place of one that can't be read; null altogether when it is no batch. */
export function readBatch(json: unknown): (NotificationItem | null)[] | null {
  const parsed = batch.safeParse(json);
  return parsed.success ? parsed.data.value.map(readItem) : null;
}

function readItem(json: unknown): NotificationItem | null {
  const parsed = common.safeParse(json);
  if (!parsed.success) return null;
  const { subscriptionId, tenantId, clientState, lifecycleEvent } = parsed.data;
  const sender = { subscriptionId, tenantId: tenantId ?? null, clientState: clientState ?? '' };
  if (lifecycleEvent !== undefined) return { ...sender, kind: 'lifecycle', event: lifecycleEvent };
  return readChange(sender, json);
}

function readChange(sender: Sender, json: unknown): NotificationItem | null {
  const parsed = change.safeParse(json);
  if (!parsed.success) return null;
  const { changeType, resource, resourceData } = parsed.data;
  const id = eventId.safeParse(resourceData?.id ?? resource?.split('/').at(-1));
  if (!id.success) return null;
  return {
    ...sender,
    kind: 'change',
    eventId: id.data,
    changeType,
    etag: resourceData?.['@odata.etag'] ?? '',
  };
}
