import type { WebSocketApiDescription, WebSocketRouteDescription } from "../graph/description.ts";

/** The route that takes a message, if any does. */
export type SelectRoute = (body: string) => WebSocketRouteDescription | undefined;

/** `\$`, `${request.body<path>}` or `$request.body<path>`. */
const VARIABLE = /\\\$|\$\{request\.body([^}]*)\}|\$request\.body((?:\.\w+|\[[^\]]*\])*)/g;

/** One step of a path: `.name`, `[0]`, `['name']` or `["name"]`. */
const STEP = /\.([^.[\]]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/g;

/**
 * Selects by the API's route selection expression, falling back to `$default`.
 * Throws where the expression is none that this gateway can evaluate.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html
 */
export function routeSelection(api: WebSocketApiDescription): SelectRoute {
  const expression = api.routeSelectionExpression;
  check(expression, api.id);
  // $connect and $disconnect belong to the gateway: a message cannot ask for them.
  const routes = new Map(
    api.routes
      .filter(({ routeKey }) => routeKey !== "$connect" && routeKey !== "$disconnect")
      .map((route) => [route.routeKey, route]),
  );
  return (body) => routes.get(routeKeyOf(expression, body)) ?? routes.get("$default");
}

function check(expression: string, apiId: string): void {
  const paths = [...expression.matchAll(VARIABLE)].map((match) => match[1] ?? match[2] ?? "");
  const understood =
    !expression.replace(VARIABLE, "").includes("$") &&
    paths.every((path) => path.replace(STEP, "") === "");
  if (!understood) {
    throw new Error(
      `Route selection expression "${expression}" of WebSocket API "${apiId}" cannot be evaluated: ` +
        "it takes text and variables such as $request.body.action or ${request.body['list'][0]}.",
    );
  }
}

/** `$default` where the body is no JSON, or nested so deep that the expression has no value. */
function routeKeyOf(expression: string, body: string): string {
  try {
    return evaluated(expression, JSON.parse(body));
  } catch {
    return "$default";
  }
}

function evaluated(expression: string, message: unknown): string {
  return expression.replace(VARIABLE, (match, braced?: string, plain?: string) =>
    match === "\\$" ? "$" : stringified(valueAt(message, braced ?? plain ?? "")),
  );
}

function valueAt(message: unknown, path: string): unknown {
  let value = message;
  for (const step of path.matchAll(STEP)) {
    const name = step[1] ?? step[2] ?? step[3] ?? step[4] ?? "";
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) {
      return undefined;
    }
    value = Reflect.get(value, name);
  }
  return value;
}

/** A missing value is the empty text, an array is `[item1, item2]`. */
function stringified(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return `[${value.map(stringified).join(", ")}]`;
  return typeof value === "string" ? value : JSON.stringify(value);
}
