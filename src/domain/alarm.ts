import { wordsOf } from './trouble-words.ts';

/** Severities in Webex's words (reference: engineering.md C.11). */
export type AlarmSeverity = 'critical' | 'error' | 'warning' | 'alert';

export type AlarmId =
  | 'graph-unreachable'
  | 'graph-refused'
  | 'kms-unreachable'
  | 'kms-refused'
  | 'kms-untrusted'
  | 'webex-unreachable'
  | 'webex-refused'
  | 'keys-ending'
  | 'no-usable-key'
  | 'directory-key-lost'
  | 'dead-jobs'
  | 'mailbox-not-working'
  | 'subscription-failing'
  | 'disk-full'
  | 'credential-expiring'
  | 'token-expiring'
  | 'meeting-limit'
  | 'webex-leftovers'
  | 'join-target-lost';

interface AlarmText {
  readonly severity: AlarmSeverity;
  readonly title: string;
  /** What the administrator should do. */
  readonly remedy: string;
}

/** An alarm that stands now. `subject` tells mailboxes apart (their row number); empty for the whole appliance. */
export interface Alarm {
  readonly id: AlarmId;
  readonly subject: string;
  readonly since: number;
  /** Reason word of what raised it, e.g. `KMS_CERTIFICATE_CHAIN`. */
  readonly reason: string;
}

/** What should be done about it: for its very reason where there are words for that. */
export function remedyOf({ id, reason }: Pick<Alarm, 'id' | 'reason'>): string {
  return wordsOf(reason) ?? ALARMS[id].remedy;
}

/** The catalogue. Ids are stable: administrators build their monitoring on them. */
export const ALARMS: Readonly<Record<AlarmId, AlarmText>> = {
  'graph-unreachable': {
    severity: 'error',
    title: 'Microsoft 365 does not answer',
    remedy:
      'Check the network, the proxy and Microsoft’s service health. Nothing is lost; work goes on by itself.',
  },
  'graph-refused': {
    severity: 'critical',
    title: 'Microsoft 365 refuses this appliance',
    remedy:
      'Check the client secret (graph.client_secret_file) or certificate (graph.client_certificate_file) and the consent of the app registration.',
  },
  'kms-unreachable': {
    severity: 'error',
    title: 'The key management server does not answer',
    remedy:
      'Check kms.url and the network. Keys in memory serve for a while (kms.max_offline); what needs others waits, and goes on by itself.',
  },
  'kms-refused': {
    severity: 'critical',
    title: 'The key management server refuses this appliance',
    remedy: 'Check kms.user_id and the token in kms.token_file.',
  },
  'kms-untrusted': {
    severity: 'critical',
    title: 'The key management server could not prove its identity',
    remedy:
      'Check kms.ca_file and the certificate of the KMS. Nothing is sealed with keys from an unproven server.',
  },
  'webex-unreachable': {
    severity: 'error',
    title: 'The Webex cloud does not answer',
    remedy: 'Check webex.ingest_url, webex.api_url and the network. Deliveries wait and go on by themselves.',
  },
  'webex-refused': {
    severity: 'critical',
    title: 'The Webex cloud refuses this appliance',
    remedy: 'Check the token in webex.token_file and the rights of the service app.',
  },
  'keys-ending': {
    severity: 'warning',
    title: 'The KMS is away, and keys in memory stop serving within four hours',
    remedy:
      'Bring the KMS back, or check kms.url and the network. Mailboxes whose key is old already wait; "hybrid-calendar keys status" says until when the others are served.',
  },
  'no-usable-key': {
    severity: 'critical',
    title: 'The KMS is away, and there is no usable key',
    remedy:
      'Nothing is sealed and nothing delivered until the KMS answers. Changes wait in the queue, nothing is lost, and work goes on by itself.',
  },
  'directory-key-lost': {
    severity: 'critical',
    title: 'The KMS does not give out the directory key',
    remedy:
      'Addresses of mailboxes can’t be opened or found. Whoever runs the KMS restores the key, or the appliance’s right to it.',
  },
  'dead-jobs': {
    severity: 'warning',
    title: 'Some changes could not be worked off',
    remedy: 'See the reason beside each one in the list of dead jobs.',
  },
  'mailbox-not-working': {
    severity: 'warning',
    title: 'A mailbox can’t be served',
    remedy: 'See its state in the list of mailboxes.',
  },
  'subscription-failing': {
    severity: 'warning',
    title: 'Microsoft 365 can’t reach web.public_url',
    remedy:
      'Check that the public listener is reachable from the internet with a publicly trusted certificate.',
  },
  'credential-expiring': {
    severity: 'warning',
    title: 'The certificate for Microsoft 365 ends soon or has ended',
    remedy:
      'Register a new certificate for the application, put it into graph.client_certificate_file and graph.client_key_file, and start again.',
  },
  'token-expiring': {
    severity: 'warning',
    title: 'The token for Webex ends soon or has ended',
    remedy:
      'Authorise the service app anew in Control Hub, put its tokens into webex.token_file and webex.refresh_token_file, and start again.',
  },
  'meeting-limit': {
    severity: 'warning',
    title: 'Webex makes no more meetings today',
    remedy:
      'Keywords of this mailbox that ask for a meeting of their own are answered when Webex makes meetings again. If this happens often, let people use "@webex:myroom", or ask Webex for a higher limit.',
  },
  'webex-leftovers': {
    severity: 'warning',
    title: 'Webex does not let the appliance delete what it made',
    remedy:
      'A meeting or space that is in no invitation any more stays at Webex. Check the scopes of the service app (meeting:admin_schedule_write, spark:rooms_write) and authorise it anew in Control Hub. It is tried again every six hours.',
  },
  'join-target-lost': {
    severity: 'warning',
    title: 'Invitations lead to a personal room that is gone',
    remedy:
      'The owner of this mailbox has no personal room at Webex any more, but meetings of today lead there. Give them a personal room in Control Hub, or let them type another keyword.',
  },
  'disk-full': {
    severity: 'critical',
    title: 'The disk of the data directory is full',
    remedy:
      'Free space on the volume that holds store.data_dir. Notifications are answered with 503 until then.',
  },
};
