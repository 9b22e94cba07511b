import type { PolicyStatement } from "../graph/description.ts";
import { recordOf } from "../shared/record.ts";

/** The result of an authorizer function. */
export type AuthorizerResponse = {
  statements: PolicyStatement[];
  /** The function's context, each value as text, and its `principalId`. */
  authorizer: Record<string, string>;
};

/**
 * Reads what an authorizer function returned. Returns undefined if it is malformed.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 */
export function authorizerResponse(value: unknown): AuthorizerResponse | undefined {
  const { principalId, policyDocument, context = {} } = recordOf(value);
  const { Statement } = recordOf(policyDocument);
  const statements = Array.isArray(Statement) ? Statement.map(statement) : [];
  const properties = Object.entries(recordOf(context));
  if (
    typeof principalId !== "string" ||
    statements.length === 0 ||
    !statements.every((read) => read !== undefined) ||
    !properties.every(([, property]) => isPlain(property))
  ) {
    return undefined;
  }
  const texts = properties.map(([name, property]) => [name, String(property)] as const);
  return { statements, authorizer: { principalId, ...Object.fromEntries(texts) } };
}

function statement(value: unknown): PolicyStatement | undefined {
  const { Effect, Action, Resource } = recordOf(value);
  const [actions, resources] = [texts(Action), texts(Resource)];
  if ((Effect !== "Allow" && Effect !== "Deny") || !actions || !resources) return undefined;
  return { effect: Effect, actions, resources };
}

function texts(value: unknown): string[] | undefined {
  const list: unknown[] = [value].flat();
  return list.every((item) => typeof item === "string") ? list : undefined;
}

/** The context takes neither objects nor arrays. */
function isPlain(value: unknown): boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}
