import type { Description } from "../graph/description.ts";
import type { Credentials, Identities } from "./identities.ts";

/** A user whose policy allows the whole of every API, if any route of them wants a signature. */
export function apiUser(
  { webSocketApis, httpApis }: Description,
  iam: Identities,
): Credentials | undefined {
  const wantSignatures = [
    ...webSocketApis.flatMap(({ routes }) => routes.map(({ authorization }) => authorization)),
    ...httpApis.flatMap(({ routes }) => routes.map(({ authorization }) => authorization)),
  ].some(({ type }) => type === "iam");
  if (!wantSignatures) return undefined;
  const resources = [...webSocketApis, ...httpApis].map(({ executionArn }) => `${executionArn}/*`);
  return iam.createUser("local", [{ effect: "Allow", actions: ["execute-api:Invoke"], resources }]);
}
