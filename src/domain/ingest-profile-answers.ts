const ERROR = { $ref: '#/components/responses/Error' } as const;
const WAIT = { $ref: '#/components/responses/Wait' } as const;

/** Whatever is asked for may meet these. */
const TROUBLES = {
  401: ERROR,
  403: ERROR,
  423: WAIT,
  429: WAIT,
  500: ERROR,
  502: ERROR,
  503: ERROR,
  504: ERROR,
} as const;

function answer(description: string, schema: string) {
  return {
    description,
    content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } },
  } as const;
}

const tracked = { headers: { TrackingID: { $ref: '#/components/headers/TrackingID' } } } as const;

/** How the cloud side answers, for the ingest profile. */
export const ANSWERS = {
  troubles: TROUBLES,
  refusals: { 400: ERROR, 404: ERROR, ...TROUBLES },
  responses: {
    Created: answer('The meeting was not in the list and is now.', 'Created'),
    Updated: answer('What is held is now this version.', 'Updated'),
    Withdrawn: answer('The meeting is in the list no more.', 'Withdrawn'),
    Fenced: answer('This version or a newer one is held already; nothing changed.', 'Fenced'),
    Registered: answer('The device is registered.', 'Device'),
    Error: {
      ...answer(
        'Refused, without any effect. For 5xx an effect is possible; the delivery is repeated.',
        'Error',
      ),
      ...tracked,
    },
    Wait: {
      ...answer('Too much at once (429), or locked for a while (423). Without any effect.', 'Error'),
      headers: { ...tracked.headers, 'Retry-After': { $ref: '#/components/headers/RetryAfter' } },
    },
  },
  headers: {
    TrackingID: {
      description: 'Names the exchange for the operators of the cloud side; also in the body.',
      schema: { type: 'string' },
    },
    RetryAfter: {
      description: 'Seconds, or an HTTP date.',
      required: true,
      schema: {
        type: 'string',
        pattern: '^(\\d{1,9}|[A-Z][a-z]{2}, \\d{2} [A-Z][a-z]{2} \\d{4} \\d{2}:\\d{2}:\\d{2} GMT)$',
      },
    },
  },
} as const;
