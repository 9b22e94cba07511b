import { randomBytes } from "node:crypto";
import type { AccessDecision, Authorize, Refusal } from "../access.ts";
import type { Clock } from "../clock.ts";
import type { RoleDescription } from "../graph/description.ts";
import { policy } from "./policy.ts";
import type { Policy } from "./policy.ts";
import { parseAuthorization, signatureFlaw, signingKey } from "./signature.ts";
import type { Authorization } from "./signature.ts";

export type Credentials = { accessKeyId: string; secretAccessKey: string };
export type SessionCredentials = Credentials & { sessionToken: string };

export type Identities = {
  /** Temporary credentials of a role's session, as Lambda puts them into a function's environment. */
  assumeRole(role: RoleDescription, sessionName: string): SessionCredentials;
  /** Credentials of the account's owner, to whom nothing is denied. */
  root: Credentials;
  /** Verifies a request's Signature Version 4 and checks the permission against its signer's policy. */
  authorize: Authorize;
};

type Identity = {
  /** ARN. */
  principal: string;
  sessionToken: string | undefined;
  policy: Policy;
  keyOf: (scope: Authorization["scope"]) => Uint8Array;
};

/** The account's identities: those who can sign a request, and what each of them may do. */
export function identities(options: { accountId: string; clock: Clock }): Identities {
  const known = new Map<string, Identity>();

  const root = { accessKeyId: accessKeyId("AKIA"), secretAccessKey: random(30) };
  known.set(root.accessKeyId, {
    principal: `arn:aws:iam::${options.accountId}:root`,
    sessionToken: undefined,
    policy: () => "allowed",
    keyOf: signingKeys(root.secretAccessKey),
  });

  return {
    root,
    assumeRole(role, sessionName) {
      const credentials = {
        accessKeyId: accessKeyId("ASIA"),
        secretAccessKey: random(30),
        sessionToken: random(96),
      };
      known.set(credentials.accessKeyId, {
        principal: `arn:aws:sts::${options.accountId}:assumed-role/${role.name}/${sessionName}`,
        sessionToken: credentials.sessionToken,
        policy: policy(role.statements),
        keyOf: signingKeys(credentials.secretAccessKey),
      });
      return credentials;
    },
    authorize(request, { service, action, resource }) {
      const authorization = parseAuthorization(String(request.headers.authorization));
      if (authorization === undefined)
        return refuse("missing-token", "Missing Authentication Token");

      const identity = known.get(authorization.accessKeyId);
      if (!identity || identity.sessionToken !== request.headers["x-amz-security-token"])
        return refuse(
          "unrecognized-client",
          "The security token included in the request is invalid.",
        );

      const expected = { service, region: regionOf(resource), now: options.clock.now() };
      const flaw = signatureFlaw(request, authorization, identity.keyOf, expected);
      if (flaw !== undefined) return refuse("invalid-signature", flaw);

      const { principal } = identity;
      const verdict = identity.policy(action, resource);
      if (verdict === "allowed") return { allowed: true, principal };
      const reason =
        verdict === "explicitly-denied"
          ? "with an explicit deny in an identity-based policy"
          : `because no identity-based policy allows the ${action} action`;
      return refuse(
        "access-denied",
        `User: ${principal} is not authorized to perform: ${action} on resource: ${resource} ${reason}`,
      );
    },
  };
}

function refuse(reason: Refusal["reason"], message: string): AccessDecision {
  return { allowed: false, refusal: { reason, message } };
}

/** `arn:aws:<service>:<region>:…`; undefined where the ARN, or `*`, names none. */
function regionOf(resource: string): string | undefined {
  const region = resource.split(":")[3];
  return region === "" ? undefined : region;
}

/** Derives the signing key of each scope once: it serves for a day. */
function signingKeys(secret: string): Identity["keyOf"] {
  const keys = new Map<string, Uint8Array>();
  return (scope) => {
    const name = `${scope.date}/${scope.region}/${scope.service}`;
    const key = keys.get(name) ?? signingKey(secret, scope);
    keys.set(name, key);
    return key;
  };
}

/** AWS's ids start with AKIA where they last and with ASIA where they are temporary. */
function accessKeyId(prefix: "AKIA" | "ASIA"): string {
  return prefix + randomBytes(8).toString("hex").toUpperCase();
}

function random(bytes: number): string {
  return randomBytes(bytes).toString("base64");
}
