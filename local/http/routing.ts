import { percentDecoded } from "../gateway/percent-decoded.ts";
import type { HttpRouteDescription } from "../graph/api-description.ts";

export type RouteMatch = {
  route: HttpRouteDescription;
  /** Values of the path's variables, decoded. */
  pathParameters: Record<string, string>;
};

/**
 * Returns the path within a stage, which its routes match. Returns undefined outside of the stage.
 * `/staging/` is the root of a named stage, and `/staging` is not: it gets 404 even with a route for
 * `/` (https://github.com/pulumi/examples/pull/1282, https://github.com/aws/aws-cdk/pull/15755).
 */
export function pathInStage(path: string, stage: string): string | undefined {
  if (stage === "$default") return path;
  const root = `/${stage}`;
  return path === root || path.startsWith(`${root}/`) ? path.slice(root.length) : undefined;
}

/**
 * Returns what finds the most specific route for a request, or undefined if none matches.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function router(
  routes: HttpRouteDescription[],
): (method: string, path: string) => RouteMatch | undefined {
  const candidates = routes
    .map((route) => ({ route, ...readRouteKey(route.routeKey) }))
    .sort((a, b) => a.rank.localeCompare(b.rank));

  return (method, path) => {
    for (const { route, pattern, variables } of candidates) {
      const values = pattern.exec(`${method} ${path}`)?.slice(1);
      if (values === undefined) continue;
      const pathParameters: Record<string, string> = {};
      variables.forEach((name, index) => {
        pathParameters[name] = percentDecoded(values[index] ?? "");
      });
      return { route, pathParameters };
    }
    return undefined;
  };
}

/**
 * Reads a route key. `pattern` matches a request and captures the values of the `variables`. Of two
 * routes for one request the more specific has the lower `rank`: by segment, then by method.
 */
function readRouteKey(routeKey: string): { pattern: RegExp; variables: string[]; rank: string } {
  if (routeKey === "$default") return { pattern: /^/, variables: [], rank: "9" };
  const [method = "", path = ""] = routeKey.split(" ");
  const segments = path.split("/").map(readSegment);
  const methods = method === "ANY" ? "[^ ]+" : method;
  return {
    pattern: new RegExp(`^${methods} ${segments.map(({ pattern }) => pattern).join("/")}$`),
    variables: segments.flatMap(({ variable }) => variable ?? []),
    rank: [...segments.map(({ rank }) => rank), method === "ANY" ? "2" : "1"].join(""),
  };
}

function readSegment(segment: string): { pattern: string; variable?: string; rank: string } {
  const [, variable, plus] = /^\{([^+]+)(\+?)\}$/.exec(segment) ?? [];
  if (variable === undefined) return { pattern: segment.replace(/[^\w]/g, "\\$&"), rank: "1" };
  return plus === "+"
    ? { pattern: "(.+)", variable, rank: "3" }
    : { pattern: "([^/]+)", variable, rank: "2" };
}
