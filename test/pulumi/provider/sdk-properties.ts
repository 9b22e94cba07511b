import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** The inputs that the provider takes for a type of resource. */
export type Properties = { known: Set<string>; required: string[] };

/**
 * Reads them from the SDK's class, which Pulumi generates from the provider's schema. Throws if there is no
 * such type. `type` is as in `aws:sqs/queue:Queue`.
 */
export function propertiesOf(type: string): Properties {
  const [, module = ""] = /^aws:([\w/]+):\w+$/.exec(type) ?? [];
  const source = readFileSync(require.resolve(`@pulumi/aws/${module}`), "utf8");
  const all = (pattern: RegExp) => [...source.matchAll(pattern)].map(([, name = ""]) => name);
  return {
    known: new Set(all(/resourceInputs\["(\w+)"\] = .*args\??\.\w+/g)),
    required: all(/Missing required property '(\w+)'/g),
  };
}
