import type { InvokePermission } from "../graph/description.ts";

/** Whether one of the permissions lets API Gateway invoke the function from this source. */
export function permitted(
  permissions: InvokePermission[],
  call: { functionArn: string; sourceArn: string },
): boolean {
  return permissions.some(
    ({ functionArn, principal, sourceArn }) =>
      functionArn === call.functionArn &&
      principal === "apigateway.amazonaws.com" &&
      arnPattern(sourceArn).test(call.sourceArn),
  );
}

/** A permission's source is compared by ArnLike, where `*` stands for any run of characters. */
function arnPattern(pattern: string): RegExp {
  const literals = pattern.split("*").map((text) => text.replace(/[^\w]/g, "\\$&"));
  return new RegExp(`^${literals.join(".*")}$`, "s");
}
