import { randomBytes } from "node:crypto";
import type { AccessDecision, Authorize, Refusal } from "../shared/access.ts";
import type { Clock } from "../shared/clock.ts";
import type { Observe } from "../shared/observe.ts";
import type { PolicyStatement, RoleDescription } from "../graph/description.ts";
import { isAuthorizedTwice, parseAuthorization, type Authorization } from "./authorization.ts";
import { policy, type Policy } from "./policy.ts";
import { signatureFlaw, signingKey } from "./signature.ts";

export type Credentials = { accessKeyId: string; secretAccessKey: string };
export type SessionCredentials = Credentials & { sessionToken: string };

export type Identities = {
  /** Returns temporary credentials of a role's session, such as a function has in its environment. */
  assumeRole(role: RoleDescription, sessionName: string): SessionCredentials;
  /** Creates an IAM user with a policy of these statements. Returns its long-term credentials. */
  createUser(name: string, statements: PolicyStatement[]): Credentials;
  /** Credentials of the account's root, who may do everything. */
  root: Credentials;
  /** Verifies Signature Version 4, in the headers or the query, and checks the signer's policy. */
  authorize: Authorize;
};

type Identity = {
  arn: string;
  userId: string;
  sessionToken: string | undefined;
  policy: Policy;
  keyOf: (scope: Authorization["scope"]) => Uint8Array;
};

/** Keeps the account's identities: who can sign a request, and what each of them may do. */
export function identities(options: {
  accountId: string;
  clock: Clock;
  onDecided?: Observe["decided"];
}): Identities {
  const { accountId, clock, onDecided } = options;
  const known = new Map<string, Identity>();

  function know(
    { accessKeyId, secretAccessKey }: Credentials,
    identity: Omit<Identity, "keyOf">,
  ): void {
    known.set(accessKeyId, { ...identity, keyOf: signingKeys(secretAccessKey) });
  }

  const root = { accessKeyId: uniqueId("AKIA"), secretAccessKey: random(30) };
  know(root, {
    arn: `arn:aws:iam::${accountId}:root`,
    userId: accountId,
    sessionToken: undefined,
    policy: () => "allowed",
  });

  return {
    root,
    assumeRole(role, sessionName) {
      const credentials = {
        accessKeyId: uniqueId("ASIA"),
        secretAccessKey: random(30),
        sessionToken: random(96),
      };
      know(credentials, {
        arn: `arn:aws:sts::${accountId}:assumed-role/${role.name}/${sessionName}`,
        userId: `${uniqueId("AROA")}:${sessionName}`,
        sessionToken: credentials.sessionToken,
        policy: policy(role.statements),
      });
      return credentials;
    },
    createUser(name, statements) {
      const credentials = { accessKeyId: uniqueId("AKIA"), secretAccessKey: random(30) };
      know(credentials, {
        arn: `arn:aws:iam::${accountId}:user/${name}`,
        userId: uniqueId("AIDA"),
        sessionToken: undefined,
        policy: policy(statements),
      });
      return credentials;
    },
    authorize(request, { service, action, resource }) {
      if (isAuthorizedTwice(request)) {
        return refuse(
          "invalid-signature",
          "Only one of the Authorization header and the query may authenticate a request.",
        );
      }
      const authorization = parseAuthorization(request);
      if (authorization === undefined) {
        return refuse("missing-token", "Missing Authentication Token");
      }

      const { accessKeyId } = authorization;
      const identity = known.get(accessKeyId);
      if (!identity || identity.sessionToken !== authorization.sessionToken) {
        return refuse(
          "unrecognized-client",
          "The security token included in the request is invalid.",
        );
      }

      const expected = { service, region: regionOf(resource), now: clock.now() };
      const flaw = signatureFlaw(request, authorization, identity.keyOf, expected);
      if (flaw !== undefined) return refuse("invalid-signature", flaw);

      const { arn, userId } = identity;
      const verdict = identity.policy(action, resource);
      onDecided?.({ caller: arn, action, resource, verdict });
      if (verdict === "allowed") return { allowed: true, caller: { arn, userId, accessKeyId } };
      const reason =
        verdict === "explicitly-denied"
          ? "with an explicit deny in an identity-based policy"
          : `because no identity-based policy allows the ${action} action`;
      return refuse(
        "access-denied",
        `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} ${reason}`,
      );
    },
  };
}

function refuse(reason: Refusal["reason"], message: string): AccessDecision {
  return { allowed: false, refusal: { reason, message } };
}

/** Returns the region of `arn:aws:<service>:<region>:…`, or undefined if there is none, as in `*`. */
function regionOf(resource: string): string | undefined {
  const region = resource.split(":")[3];
  return region === "" ? undefined : region;
}

/** Derives the signing key of each scope once. A scope is good for a day. */
function signingKeys(secret: string): Identity["keyOf"] {
  const keys = new Map<string, Uint8Array>();
  return (scope) => {
    const name = `${scope.date}/${scope.region}/${scope.service}`;
    const key = keys.get(name) ?? signingKey(secret, scope);
    keys.set(name, key);
    return key;
  };
}

/**
 * Returns a new id. Its prefix says what it identifies: a long-term or a temporary access key, a user
 * or a role.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
 */
function uniqueId(prefix: "AKIA" | "ASIA" | "AIDA" | "AROA"): string {
  return prefix + randomBytes(8).toString("hex").toUpperCase();
}

function random(bytes: number): string {
  return randomBytes(bytes).toString("base64");
}
