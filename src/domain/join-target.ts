/** How a meeting is joined: who provides it, the web link and, where there is one, the video (SIP) address. */
export interface JoinTarget {
  readonly provider: 'webex' | 'teams' | 'zoom' | 'google-meet' | 'other';
  readonly url: string | null;
  readonly sip: string | null;
  readonly source: 'keyword' | 'online-meeting' | 'location' | 'join-block' | 'body';
}
