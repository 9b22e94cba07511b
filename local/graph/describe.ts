import { StartError } from "../shared/start-error.ts";
import type { Cloud } from "./cloud-state.ts";
import { describeDashboard } from "./describe-dashboard.ts";
import { describeHttpApi, describeWebSocketApi } from "./describe-api.ts";
import { describeEventSourceMapping } from "./describe-event-source.ts";
import { describeFunction } from "./describe-function.ts";
import { describeQueue } from "./describe-queue.ts";
import type {
  Description,
  FunctionDescription,
  InvokePermission,
  KeyAttribute,
  TableDescription,
} from "./description.ts";
import { isKnown, ofType, type KnownResource, type Resource } from "./resource.ts";
import type { StackConfig } from "./stack-config.ts";

/**
 * Describes the resources as far as the local services need to know them.
 * Throws a StartError with the URN of a resource that has no local service.
 */
export async function describe(
  { folder, project, stack }: StackConfig,
  { region, accountId }: Cloud,
  resources: Resource[],
): Promise<Description> {
  for (const { urn, type } of resources) {
    if (!isKnown(type)) throw new StartError(`${urn}: the local stack has no ${type}.`);
  }
  const apis = ofType(resources, "aws:apigatewayv2/api:Api");
  const functions = await Promise.all(
    ofType(resources, "aws:lambda/function:Function").map((fn) =>
      describeFunction(fn, resources, folder),
    ),
  );
  const declaredQueues = ofType(resources, "aws:sqs/queue:Queue");
  const queues = declaredQueues.map((queue) => describeQueue(queue, declaredQueues));
  const mappings = ofType(resources, "aws:lambda/eventSourceMapping:EventSourceMapping");
  return {
    project,
    stack,
    region,
    accountId,
    tables: ofType(resources, "aws:dynamodb/table:Table").map(describeTable),
    queues,
    functions,
    permissions: ofType(resources, "aws:lambda/permission:Permission").map((permission) =>
      describePermission(permission, functions),
    ),
    eventSourceMappings: mappings.map((mapping) =>
      describeEventSourceMapping(mapping, queues, functions),
    ),
    webSocketApis: apis
      .filter(({ inputs }) => inputs.protocolType === "WEBSOCKET")
      .map((api) => describeWebSocketApi(api, resources)),
    httpApis: apis
      .filter(({ inputs }) => inputs.protocolType === "HTTP")
      .map((api) => describeHttpApi(api, resources)),
    dashboards: ofType(resources, "aws:cloudwatch/dashboard:Dashboard").map(describeDashboard),
  };
}

function describeTable({
  urn,
  inputs,
  state,
}: KnownResource<"aws:dynamodb/table:Table">): TableDescription {
  const keyAttribute = (name = ""): KeyAttribute => {
    const type = inputs.attributes?.find((attribute) => attribute.name === name)?.type;
    if (type !== "S" && type !== "N" && type !== "B") {
      throw new StartError(`${urn}: key "${name}" is not among its attributes.`);
    }
    return { name, type };
  };
  const keys = (hash?: string, range?: string) => ({
    partitionKey: keyAttribute(hash),
    ...(range !== undefined && { sortKey: keyAttribute(range) }),
  });
  const { hashKey, rangeKey, globalSecondaryIndexes = [], ttl } = inputs;
  return {
    name: String(state.name),
    arn: String(state.arn),
    ...keys(hashKey, rangeKey),
    indexes: globalSecondaryIndexes.map(({ name, projectionType, keySchemas = [] }) => {
      const part = (type: string) => keySchemas.find(({ keyType }) => keyType === type);
      return {
        name,
        ...keys(part("HASH")?.attributeName, part("RANGE")?.attributeName),
        projection: projectionType === "ALL" ? "ALL" : "KEYS_ONLY",
      };
    }),
    ...(ttl?.enabled && { timeToLiveAttribute: ttl.attributeName ?? "" }),
  };
}

function describePermission(
  { urn, inputs }: KnownResource<"aws:lambda/permission:Permission">,
  functions: FunctionDescription[],
): InvokePermission {
  const fn = functions.find(({ name }) => name === inputs.function);
  if (fn === undefined || inputs.sourceArn === undefined) {
    throw new StartError(`${urn}: names no function of the program, or no sourceArn.`);
  }
  return {
    functionArn: fn.arn,
    principal: inputs.principal,
    sourceArn: inputs.sourceArn,
  };
}
