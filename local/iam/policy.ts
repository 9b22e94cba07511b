import type { PolicyStatement } from "../graph/description.ts";

export type Verdict = "allowed" | "implicitly-denied" | "explicitly-denied";

/** Returns what a policy says of an action, such as `dynamodb:Query`, on the ARN of a resource. */
export type Policy = (action: string, resource: string) => Verdict;

/**
 * Evaluates statements as IAM does: an explicit Deny wins, and nothing is allowed that no statement
 * allows. Actions are matched without regard to case, resources with it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function policy(statements: PolicyStatement[]): Policy {
  const rules = statements.map(({ effect, actions, resources }) => ({
    effect,
    actions: actions.map((action) => wildcard(action, "i")),
    resources: resources.map((resource) => wildcard(resource, "")),
  }));
  return (action, resource) => {
    const effects = rules
      .filter((rule) => rule.actions.some((pattern) => pattern.test(action)))
      .filter((rule) => rule.resources.some((pattern) => pattern.test(resource)))
      .map((rule) => rule.effect);
    if (effects.includes("Deny")) return "explicitly-denied";
    return effects.includes("Allow") ? "allowed" : "implicitly-denied";
  };
}

/** Reads `*` as any run of characters and `?` as any one. */
function wildcard(pattern: string, flags: "i" | ""): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, `s${flags}`);
}
