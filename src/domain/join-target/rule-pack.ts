/** The rules by which addresses are recognised, as they stand in a rule pack or in the configuration. Only data. */

/** Where an address leads, and how it looks (templates: path-template.ts). */
export interface AddressShape {
  /**
   * `zoom.us`: this host and every host below it. `*`: any host of a public domain. `meet.*`: any host of a public domain whose first
   * label is `meet`.
   */
  readonly hosts: readonly string[];
  /** One of these paths; letters of either case are the same, and a final slash says nothing. */
  readonly paths: readonly string[];
  /** All of these parameters; `*` takes any value but none. */
  readonly query?: Readonly<Record<string, string>>;
  /** What stands behind `#`, as a path; `*` takes anything but nothing. */
  readonly fragment?: string;
}

export interface LinkRule extends AddressShape {
  /** `https` when absent, otherwise the provider's own schemes. */
  readonly schemes?: readonly string[];
  /** Which of several links in a body wins: the higher one; 100 when absent. */
  readonly score?: number;
  /** How a room device dials the same meeting, made of captures and `{host}`, e.g. `{room}@{host}`. */
  readonly sip?: string;
  /** The meeting's number, made of captures. */
  readonly meetingId?: string;
}

/** Video addresses (user@host) that belong to a provider. */
export interface VideoRule {
  readonly hosts: readonly string[];
  /** One of these users, as a segment template. */
  readonly users: readonly string[];
  /** Only hosts below these, not the hosts themselves. */
  readonly below?: boolean;
}

export interface ProviderRules {
  /** Lower-case words with hyphens, e.g. `google-meet`. */
  readonly id: string;
  readonly name: string;
  readonly links?: readonly LinkRule[];
  readonly video?: readonly VideoRule[];
  /** Addresses on its hosts that are no way to join. */
  readonly negatives?: readonly NegativeRule[];
  /** Its invitations print number and passcode in every language in the same places: they are read by place. */
  readonly anyLanguage?: boolean;
  /** Its video addresses are all under `video`: another address beside a link of its own is another meeting's. */
  readonly ownVideoOnly?: boolean;
  /** How a device dials when only the number is printed: made of `{id}` and `{host}`. */
  readonly sipFromId?: string;
  /** Hosts of services between a video system and this provider that take `<video id>.<tenant>@host` in one step. */
  readonly interopWithTenant?: readonly string[];
}

/** Why an address that looks like a way to join is none. */
export type NegativeKind =
  | 'phone-list'
  | 'download'
  | 'pin'
  | 'options'
  | 'survey'
  | 'recording'
  | 'help'
  | 'registration'
  | 'account'
  | 'page';

export interface NegativeRule extends AddressShape {
  readonly kind: NegativeKind;
}

export interface RulePack {
  readonly format: 1;
  readonly version: string;
  readonly providers: readonly ProviderRules[];
  readonly negatives: readonly NegativeRule[];
  /** Hosts of mail services whose addresses may be all digits. */
  readonly mailHosts: readonly string[];
  /** Words that stand before a passcode, in lower case, of whichever language. */
  readonly passcodeWords: readonly string[];
  /** Words that make it another code: that of the host or of the telephone. */
  readonly otherCodeWords: readonly string[];
  /** Words that stand before a meeting number. */
  readonly meetingIdWords: readonly string[];
}
