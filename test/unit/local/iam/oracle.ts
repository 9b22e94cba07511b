import assert from "node:assert/strict";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { RequiredPermission, SignedRequest } from "../../../../local/shared/access.ts";
import { ManualClock } from "../../../../local/shared/clock.ts";
import { identities } from "../../../../local/iam/identities.ts";

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

/** Returns a request that @smithy/signature-v4, the oracle, has signed; by default at the clock's time. */
export async function sign(parts: Parts = {}): Promise<SignedRequest> {
  const { request, body } = unsigned({ method: "POST", body: "hello", ...parts });
  const { headers } = await signer(parts).sign({ ...request, body }, dateOf(parts));
  return { method: request.method, url: urlOf(request), headers, body: Buffer.from(body) };
}

/** Returns a GET request that the oracle has signed in its query; by default for an hour. */
export async function presign(parts: Parts & { expires?: number } = {}): Promise<SignedRequest> {
  const { request } = unsigned({ method: "GET", ...parts });
  const signed = await signer(parts).presign(request, {
    ...dateOf(parts),
    expiresIn: parts.expires ?? 3600,
  });
  const { method, headers } = request;
  return { method, url: urlOf(signed), headers, body: Buffer.of() };
}

function signer({ credentials = session, region: signingRegion = region, service }: Parts) {
  return new SignatureV4({
    credentials,
    region: signingRegion,
    service: service ?? "execute-api",
    sha256: Sha256,
  });
}

function unsigned({ path = "/staging/", query = {}, headers, method = "", body = "" }: Parts) {
  const request = {
    method,
    protocol: "http:",
    hostname: "127.0.0.1",
    path,
    query,
    headers: { host: "127.0.0.1", ...headers },
  };
  return { request, body };
}

function dateOf({ signingDate = new Date(clock.now()) }: Parts) {
  return { signingDate };
}

function urlOf({
  path,
  query = {},
}: {
  path: string;
  query?: Record<string, string | string[] | null>;
}): string {
  const search = Object.entries(query)
    .flatMap(([name, values]) => [values ?? ""].flat().map((value) => [name, value] as const))
    .map((pair) => pair.map(encodeURIComponent).join("="))
    .join("&");
  return search === "" ? path : `${path}?${search}`;
}

/** Returns the ARN of the caller of a request that is allowed. */
export function callerOf(request: SignedRequest, permission: RequiredPermission = post): string {
  const decision = iam.authorize(request, permission);
  assert.ok(decision.allowed, "was refused");
  return decision.caller.arn;
}

export function refusal(request: SignedRequest, permission: RequiredPermission = post) {
  const decision = iam.authorize(request, permission);
  assert.ok(!decision.allowed, "was allowed");
  return decision.refusal;
}
