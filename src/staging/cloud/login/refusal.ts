import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** A token request that is turned down; the number is that of the AADSTS codes. */
export interface Refusal {
  readonly status: ContentfulStatusCode;
  readonly error: string;
  readonly number: number;
  readonly text: string;
}

export function refusal(status: ContentfulStatusCode, error: string, number: number, text: string): Refusal {
  return { status, error, number, text };
}
