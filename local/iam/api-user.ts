import type { Description } from "../graph/description.ts";
import type { Credentials, Identities } from "./identities.ts";

/** Creates a user who may invoke all routes of all APIs. Returns undefined if none has AWS_IAM. */
export function apiUser(
  { webSocketApis, httpApis }: Description,
  iam: Identities,
): Credentials | undefined {
  const hasIam = [
    ...webSocketApis.flatMap(({ routes }) => routes.map(({ authorization }) => authorization)),
    ...httpApis.flatMap(({ routes }) => routes.map(({ authorization }) => authorization)),
  ].some(({ type }) => type === "iam");
  if (!hasIam) return undefined;
  const resources = [...webSocketApis, ...httpApis].map(({ executionArn }) => `${executionArn}/*`);
  return iam.createUser("local", [{ effect: "Allow", actions: ["execute-api:Invoke"], resources }]);
}
