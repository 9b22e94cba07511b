import type {
  WebSocketApiDescription,
  WebSocketRouteDescription,
} from "../graph/api-description.ts";

/** Returns the route that takes a message, or undefined if none does. */
export type SelectRoute = (body: string) => WebSocketRouteDescription | undefined;

/** `\$`, `${request.body<path>}` or `$request.body<path>`. */
const variable = /\\\$|\$\{request\.body([^}]*)\}|\$request\.body((?:\.\w+|\[[^\]]*\])*)/g;

/** One step of a path: `.name`, `[0]`, `['name']` or `["name"]`. */
const step = /\.([^.[\]]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/g;

/**
 * Returns what selects by the API's route selection expression, and otherwise `$default`.
 * Throws if this gateway cannot evaluate the expression.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html
 */
export function routeSelection(api: WebSocketApiDescription): SelectRoute {
  const expression = api.routeSelectionExpression;
  check(expression, api.id);
  // A message cannot select $connect and $disconnect.
  const routes = new Map(
    api.routes
      .filter(({ routeKey }) => routeKey !== "$connect" && routeKey !== "$disconnect")
      .map((route) => [route.routeKey, route]),
  );
  return (body) => routes.get(routeKeyOf(expression, body)) ?? routes.get("$default");
}

function check(expression: string, apiId: string): void {
  const paths = [...expression.matchAll(variable)].map((match) => match[1] ?? match[2] ?? "");
  const understood =
    !expression.replace(variable, "").includes("$") &&
    paths.every((path) => path.replace(step, "") === "");
  if (!understood) {
    throw new Error(
      `Route selection expression "${expression}" of WebSocket API "${apiId}" cannot be evaluated: ` +
        "it takes text and variables such as $request.body.action or ${request.body['list'][0]}.",
    );
  }
}

/** Evaluates the expression. Returns `$default` if the body is not JSON, or nested too deep. */
function routeKeyOf(expression: string, body: string): string {
  try {
    return evaluated(expression, JSON.parse(body));
  } catch {
    return "$default";
  }
}

function evaluated(expression: string, message: unknown): string {
  return expression.replace(variable, (match, braced?: string, plain?: string) =>
    match === "\\$" ? "$" : stringified(valueAt(message, braced ?? plain ?? "")),
  );
}

function valueAt(message: unknown, path: string): unknown {
  let value = message;
  for (const match of path.matchAll(step)) {
    const name = match[1] ?? match[2] ?? match[3] ?? match[4] ?? "";
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) {
      return undefined;
    }
    value = Reflect.get(value, name);
  }
  return value;
}

/** Returns a value as text: a missing one as the empty text, an array as `[item1, item2]`. */
function stringified(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return `[${value.map(stringified).join(", ")}]`;
  return typeof value === "string" ? value : JSON.stringify(value);
}
