import * as aws from "@pulumi/aws";
import { refused } from "./config-key.ts";
import { zoneId } from "./domain-keys.ts";

/**
 * Returns the id of the public zone that has this name or id, and holds the domain.
 * Rejects with a `pulumi.RunError` of one line if Route 53 has no such zone, or does not say so.
 */
export async function findZone(zone: string, domain: string): Promise<string> {
  const refuse = (expected: string) =>
    refused("hostedZone", zone, `a public Route 53 zone${expected}`);
  const asked = zoneId.test(zone) ? { zoneId: zone } : { name: zone };
  const found = await aws.route53.getZone(asked).catch((error: unknown) => {
    throw refuse(` that this AWS identity may read, and AWS says "${reasonOf(error)}"`);
  });
  const name = found.name.replace(/\.$/, "");
  if (found.privateZone) throw refuse(", and this one is private");
  if (domain !== name && !domain.endsWith(`.${name}`)) {
    throw refuse(` that holds ${domain}, and this one holds ${name}`);
  }
  return found.zoneId;
}

/** Returns what AWS says: the provider puts its own words before it, in lines of their own. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split(/\n\W*/).at(-1) ?? "";
}
