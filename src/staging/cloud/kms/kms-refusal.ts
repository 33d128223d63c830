/** What an answer of refusal holds besides its status and reason. */
export interface RefusalDetails {
  readonly errorCode?: number;
  /** Where what was asked for has moved. */
  readonly redirectUri?: string;
}

/** A request that the KMS does not fulfil; it becomes an answer with this status (reference: webex.md 2.7). */
export class KmsRefusal extends Error {
  readonly status: number;
  readonly details: RefusalDetails;

  constructor(status: number, reason: string, details: RefusalDetails = {}) {
    super(reason);
    this.status = status;
    this.details = details;
  }
}
