/** Who may call what: local IAM implements it, the services in front of a resource call it. */
export type Authorize = (request: SignedRequest, permission: RequiredPermission) => AccessDecision;

/** A request as it came in over the network, which its Signature Version 4 covers. */
export type SignedRequest = {
  method: string;
  /** The raw path with the raw query, as on the request line. */
  url: string;
  /** Lower-case names, as node:http gives them. */
  headers: Record<string, string | string[] | undefined>;
  body: Uint8Array;
};

export type RequiredPermission = {
  /** Signing name of the service, such as `dynamodb` or `execute-api`. */
  service: string;
  /** As in `dynamodb:Query`. */
  action: string;
  /** ARN of what is acted on. */
  resource: string;
};

export type AccessDecision =
  /** `principal` is the ARN of the assumed role. */
  { allowed: true; principal: string } | { allowed: false; refusal: Refusal };

export type Refusal = {
  reason: "missing-token" | "unrecognized-client" | "invalid-signature" | "access-denied";
  /** What AWS says to the caller. */
  message: string;
};
