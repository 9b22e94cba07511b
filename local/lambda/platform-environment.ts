import type { FunctionDescription } from "../graph/description.ts";
import type { Identities } from "../iam/identities.ts";

/**
 * What Lambda adds to the environment of each instance of a function: credentials of its role, and
 * where the local services are.
 */
export function platformEnvironment(
  iam: Identities,
  services: { dynamoDb: { endpoint: string }; sqs: { endpoint: string } },
): (fn: FunctionDescription) => Record<string, string> {
  return ({ role, name }) => {
    const credentials = iam.assumeRole(role, name);
    return {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
      AWS_ENDPOINT_URL_DYNAMODB: services.dynamoDb.endpoint,
      AWS_ENDPOINT_URL_SQS: services.sqs.endpoint,
      // On AWS it is always Node 24; here it may be 20, of which the SDK warns in every instance.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    };
  };
}
