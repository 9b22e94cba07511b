import type { StageDescription } from "../graph/api-description.ts";

/** What the ARN of an API's stage is made of. */
export type ApiStage = { executionArn: string; stage: StageDescription };

/**
 * Returns the ARN of something in an API's stage, such as `$connect` or `POST/channels/news/messages`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
 */
export function stageArn({ executionArn, stage }: ApiStage, path: string): string {
  return `${executionArn}/${stage.name}/${path}`;
}
