import type { IncomingMessage } from "node:http";
import { signedRequest, type AccessDecision, type Authorize } from "../shared/access.ts";
import { stageArn, type ApiStage } from "./stage-arn.ts";

/** Decides by IAM on a signed request to something in an API's stage, whose ARN ends with `path`. */
export function iamDecision(
  authorize: Authorize,
  asked: {
    request: IncomingMessage;
    body: Uint8Array;
    action: "execute-api:Invoke" | "execute-api:ManageConnections";
    api: ApiStage;
    path: string;
  },
): AccessDecision {
  const { request, body, action, api, path } = asked;
  const resource = stageArn(api, path);
  return authorize(signedRequest(request, body), { service: "execute-api", action, resource });
}
