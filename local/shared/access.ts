import type { IncomingMessage } from "node:http";

/** Decides who may do what. Local IAM implements it; the services in front of a resource call it. */
export type Authorize = (request: SignedRequest, permission: RequiredPermission) => AccessDecision;

/** A request as it came over the network, with all that Signature Version 4 covers. */
export type SignedRequest = {
  method: string;
  /** The raw path with the raw query, as on the request line. */
  url: string;
  /** Names in lower case, as node:http gives them. */
  headers: Record<string, string | string[] | undefined>;
  body: Uint8Array;
};

export function signedRequest(
  { method = "", url = "", headers }: IncomingMessage,
  body: Uint8Array,
): SignedRequest {
  return { method, url, headers, body };
}

export type RequiredPermission = {
  /** Signing name of the service, such as `dynamodb` or `execute-api`. */
  service: string;
  /** As in `dynamodb:Query`. */
  action: string;
  /** ARN of what is acted on. */
  resource: string;
};

export type AccessDecision =
  { allowed: true; caller: Caller } | { allowed: false; refusal: Refusal };

/** Who has signed a request. */
export type Caller = {
  /** That of the user, of the role's session, or of the account's root. */
  arn: string;
  /** `AIDA…` of a user, `AROA…:<session>` of a role's session, the account's id of its root. */
  userId: string;
  accessKeyId: string;
};

export type Refusal = {
  reason: "missing-token" | "unrecognized-client" | "invalid-signature" | "access-denied";
  /** What AWS says to the caller. */
  message: string;
};
