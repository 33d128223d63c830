/** One field that leaves the appliance in clear (design D4). The administrator sees this list; the marker test asserts it. */
export interface ClearField {
  readonly host: 'webex.api_url';
  readonly call: string;
  readonly field: string;
  /** The switch in the configuration; null when it can't be switched off. */
  readonly switch: string | null;
}

/** The closed list. Whatever else is sensitive leaves sealed or not at all. */
export const CLEAR_FIELDS: readonly ClearField[] = [
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
  { host: 'webex.api_url', call: 'POST /rooms', field: 'title', switch: 'scheduling.share_title' },
];
