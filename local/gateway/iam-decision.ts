import type { IncomingMessage } from "node:http";
import { signedRequest, type AccessDecision, type Authorize } from "../shared/access.ts";
import { stageArn, type ApiStage } from "./stage-arn.ts";

/** Decides by the signer's policy on a request to something in an API's stage; `path` ends its ARN. */
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
