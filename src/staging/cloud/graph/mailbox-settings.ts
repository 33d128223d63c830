import type { CloudContext } from '../cloud-context.ts';
import { newItemId } from './event-fields.ts';
import type { Owner } from './mailbox-owner.ts';
import { wallClock } from './time-zone.ts';

/** The whole answer; `@odata.context` names the owner's GUID, which is how an application learns it (graph.md 1.1, 6). */
export function mailboxSettings(context: CloudContext, owner: Owner): object {
  const day = Math.floor(context.clock.now() / 86_400_000) * 86_400_000;
  return {
    '@odata.context': `${context.baseUrl}/v1.0/$metadata#users('${owner.guid}')/mailboxSettings`,
    archiveFolder: newItemId(),
    timeZone: 'W. Europe Standard Time',
    delegateMeetingMessageDeliveryOptions: 'sendToDelegateOnly',
    dateFormat: '',
    timeFormat: '',
    userPurpose: owner.purpose,
    automaticRepliesSetting: {
      status: 'disabled',
      externalAudience: 'all',
      internalReplyMessage: '',
      externalReplyMessage: '',
      // Present even when disabled, as at the real service.
      scheduledStartDateTime: wallClock(day),
      scheduledEndDateTime: wallClock(day + 86_400_000),
    },
    language: { locale: owner.locale, displayName: languageName(owner.locale) },
    workingHours: {
      daysOfWeek: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
      startTime: '08:00:00.0000000',
      endTime: '17:00:00.0000000',
      timeZone: { name: 'W. Europe Standard Time' },
    },
  };
}

function languageName(locale: string): string {
  return locale === '' ? '' : (new Intl.DisplayNames(['en'], { type: 'language' }).of(locale) ?? '');
}
