/** A request that the KMS does not fulfil; it becomes an answer with this status (reference: webex.md 2.7). */
export class KmsRefusal extends Error {
  readonly status: number;
  readonly errorCode: number | undefined;

  constructor(status: number, reason: string, errorCode?: number) {
    super(reason);
    this.status = status;
    this.errorCode = errorCode;
  }
}
