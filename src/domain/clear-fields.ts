/** What a field that leaves in clear holds. */
export const CLEAR_WORDS = {
  email: 'the address of the mailbox itself',
  userEmail: 'the address of the mailbox itself',
  hostEmail: 'the address of the mailbox itself, whose owner is the host',
  address: 'the address of the mailbox itself, once, to learn its id',
  title: 'the subject of the meeting',
  invitees: 'the addresses of those who are invited',
  items: 'the addresses of those who are invited later',
  body: 'the invitation’s own text, with the join block',
  locations: 'the invitation’s own places',
} as const;

/** One field that leaves the appliance in clear (design D4). The administrator sees this list; the marker test asserts it. */
export interface ClearField {
  /** The configuration's key of the address that it is sent to. */
  readonly host: 'webex.api_url' | 'graph.graph_url';
  readonly call: string;
  readonly field: keyof typeof CLEAR_WORDS;
  /** The switch in the configuration; null when it can't be switched off. */
  readonly switch: ClearSwitch | null;
}

export type ClearSwitch = 'scheduling.share_title' | 'scheduling.share_people';

/** The closed list. Whatever else is sensitive leaves sealed or not at all. */
export const CLEAR_FIELDS: readonly ClearField[] = [
  { host: 'graph.graph_url', call: 'GET /users/{id}/mailboxSettings', field: 'address', switch: null },
  { host: 'graph.graph_url', call: 'PATCH /users/{id}/calendar/events/{id}', field: 'body', switch: null },
  {
    host: 'graph.graph_url',
    call: 'PATCH /users/{id}/calendar/events/{id}',
    field: 'locations',
    switch: null,
  },
  { host: 'webex.api_url', call: 'GET /people', field: 'email', switch: null },
  {
    host: 'webex.api_url',
    call: 'GET /meetingPreferences/personalMeetingRoom',
    field: 'userEmail',
    switch: null,
  },
  { host: 'webex.api_url', call: 'GET /meetings', field: 'hostEmail', switch: null },
  { host: 'webex.api_url', call: 'POST /meetings', field: 'hostEmail', switch: null },
  { host: 'webex.api_url', call: 'POST /meetings', field: 'title', switch: 'scheduling.share_title' },
  { host: 'webex.api_url', call: 'POST /meetings', field: 'invitees', switch: 'scheduling.share_people' },
  { host: 'webex.api_url', call: 'GET /meetings/{id}', field: 'hostEmail', switch: null },
  { host: 'webex.api_url', call: 'PATCH /meetings/{id}', field: 'hostEmail', switch: null },
  { host: 'webex.api_url', call: 'PATCH /meetings/{id}', field: 'title', switch: 'scheduling.share_title' },
  { host: 'webex.api_url', call: 'DELETE /meetings/{id}', field: 'hostEmail', switch: null },
  { host: 'webex.api_url', call: 'GET /meetingInvitees', field: 'hostEmail', switch: null },
  { host: 'webex.api_url', call: 'POST /meetingInvitees/bulkInsert', field: 'hostEmail', switch: null },
  {
    host: 'webex.api_url',
    call: 'POST /meetingInvitees/bulkInsert',
    field: 'items',
    switch: 'scheduling.share_people',
  },
  { host: 'webex.api_url', call: 'DELETE /meetingInvitees/{id}', field: 'hostEmail', switch: null },
  { host: 'webex.api_url', call: 'POST /rooms', field: 'title', switch: 'scheduling.share_title' },
];
