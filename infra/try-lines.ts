import * as pulumi from "@pulumi/pulumi";
import type { HttpApi } from "./http-api.ts";
import type { Settings } from "./settings/settings.ts";
import type { WebSocketApi } from "./websocket-api.ts";

/** Returns the two lines that try a stack; with `jwt` they take a token from `$TOKEN`. */
export function tryLines(
  { auth }: Settings,
  webSocketApi: WebSocketApi,
  httpApi: HttpApi,
): { wscat: pulumi.Output<string>; curl: pulumi.Output<string> } {
  const wscat = "npx wscat --connect";
  const curl = pulumi.interpolate`curl ${httpApi.url} -d message`;
  switch (auth.mode) {
    case "none":
      return { wscat: pulumi.interpolate`${wscat} ${webSocketApi.url}`, curl };
    case "jwt":
      return {
        wscat: pulumi.interpolate`${wscat} "${webSocketApi.url}?token=$TOKEN"`,
        curl: pulumi.interpolate`${curl} -H "authorization: Bearer $TOKEN"`,
      };
    case "iam": {
      const region = new pulumi.Config("aws").require("region");
      // A host of one's own does not name the region that a signature is for.
      const url = pulumi.interpolate`npm run --silent url -- --region ${region} --url ${webSocketApi.url}`;
      return {
        wscat: pulumi.interpolate`${wscat} "$(${url})"`,
        curl: pulumi.interpolate`${curl} --aws-sigv4 "aws:amz:${region}:execute-api" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"`,
      };
    }
  }
}
