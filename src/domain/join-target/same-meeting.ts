interface Addressed {
  readonly provider: string;
  /** Equal for two links into one meeting. */
  readonly key: string;
  readonly meetingId: string | null;
}

/** Equal for two ways into one meeting: by the provider's number of it where there is one. */
export function meetingKey({ provider, key, meetingId }: Addressed): string {
  return `${provider} ${meetingId ?? key}`;
}
