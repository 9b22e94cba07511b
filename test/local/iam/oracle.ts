import assert from "node:assert/strict";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { RequiredPermission, SignedRequest } from "../../../local/access.ts";
import { ManualClock } from "../../../local/clock.ts";
import { identities } from "../../../local/iam/identities.ts";

export const region = "eu-west-1";
const connections = "arn:aws:execute-api:eu-west-1:000000000000:api1/staging/POST/@connections";
export const table = "arn:aws:dynamodb:eu-west-1:000000000000:table/channels";
export const query = { service: "dynamodb", action: "dynamodb:Query", resource: table };
export const post = {
  service: "execute-api",
  action: "execute-api:ManageConnections",
  resource: `${connections}/abc=`,
};
export const role = {
  name: "fanout-role",
  arn: "arn:aws:iam::000000000000:role/fanout-role",
  statements: [
    { effect: "Allow" as const, actions: [post.action], resources: [`${connections}/*`] },
    { effect: "Allow" as const, actions: ["dynamodb:*"], resources: [table] },
    { effect: "Deny" as const, actions: ["dynamodb:Scan"], resources: [table] },
  ],
};

export const clock = new ManualClock();
export const iam = identities({ accountId: "000000000000", clock });
export const principal = "arn:aws:sts::000000000000:assumed-role/fanout-role/fanout";
export const session = iam.assumeRole(role, "fanout");

type Parts = Partial<{
  method: string;
  path: string;
  query: Record<string, string | string[]>;
  headers: Record<string, string>;
  body: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  service: string;
  region: string;
  signingDate: Date;
}>;

/** A request as @smithy/signature-v4, the oracle, signs it; at the clock's time, unless told. */
export async function sign(parts: Parts = {}): Promise<SignedRequest> {
  const signer = new SignatureV4({
    credentials: parts.credentials ?? session,
    region: parts.region ?? region,
    service: parts.service ?? "execute-api",
    sha256: Sha256,
  });
  const { method = "POST", path = "/staging/", query = {}, headers, body = "hello" } = parts;
  const signed = await signer.sign(
    {
      method,
      protocol: "http:",
      hostname: "127.0.0.1",
      path,
      query,
      headers: { host: "127.0.0.1", ...headers },
      body,
    },
    { signingDate: parts.signingDate ?? new Date(clock.now()) },
  );
  const search = Object.entries(query)
    .flatMap(([name, values]) => [values].flat().map((value) => [name, value] as const))
    .map((pair) => pair.map(encodeURIComponent).join("="))
    .join("&");
  return {
    method,
    url: search === "" ? path : `${path}?${search}`,
    headers: signed.headers,
    body: Buffer.from(body),
  };
}

export function refusal(request: SignedRequest, permission: RequiredPermission = post) {
  const decision = iam.authorize(request, permission);
  assert.ok(!decision.allowed, "was allowed");
  return decision.refusal;
}
