/** What can be wrong with a request or a frame, and the HTTP status that says the same. */
const statuses = {
  "unknown-action": 400,
  "invalid-json": 400,
  "invalid-data": 400,
  "invalid-messages": 400,
  "invalid-channel": 400,
  "invalid-since": 400,
  "invalid-limit": 400,
  "invalid-cursor": 400,
  "invalid-connection": 400,
  "invalid-idempotency-key": 400,
  "invalid-ref": 400,
  "token-expired": 401,
  forbidden: 403,
  "unknown-connection": 404,
  "unknown-delivery": 404,
  "too-many-channels": 409,
  "replay-in-progress": 409,
  "request-in-progress": 409,
  "too-large": 413,
  "not-utf-8": 415,
  "idempotency-key-reused": 422,
  internal: 500,
  unreached: 503,
} as const;

export type ProblemCode = keyof typeof statuses;

/** A request or a frame that cannot be done. Thrown where that is found, and told to the client. */
export class Problem extends Error {
  readonly code: ProblemCode;
  /** Seconds after which the same is worth another try, where that is known. */
  readonly retryAfter: number | undefined;

  /** `message` says what is wrong and what would be right. */
  constructor(code: ProblemCode, message: string, retryAfter?: number) {
    super(message);
    this.name = "Problem";
    this.code = code;
    this.retryAfter = retryAfter;
  }

  get status(): number {
    return statuses[this.code];
  }
}

/** What a client is told of an error that is ours. */
export const internal = new Problem(
  "internal",
  "This failed on our side, and is in the log: try again.",
);
