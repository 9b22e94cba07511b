import * as pulumi from "@pulumi/pulumi";
import { BundleError, bundleHandlers } from "../tools/bundle.ts";
import { refusal } from "./refusal.ts";

/**
 * Returns the code of Lambdas, by the names of their files in `handlers/`, without `.ts`. The archives name
 * files: Pulumi would write the text of a StringAsset into the stack's state, and again at each step.
 * Rejects with a `pulumi.RunError` if a file does not build, with the place, or does not exist.
 */
export async function archives<Name extends string>(
  ...names: Name[]
): Promise<Record<Name, pulumi.asset.Archive>> {
  const bundles = await bundleHandlers().catch((error: unknown) => {
    throw error instanceof BundleError ? refusal(error.message) : error;
  });
  const entries = names.map((name) => {
    const folder = bundles[name];
    if (folder === undefined) throw refusal(`handlers/${name}.ts is not there.`);
    return [name, new pulumi.asset.FileArchive(folder)];
  });
  return Object.fromEntries(entries) as Record<Name, pulumi.asset.Archive>;
}
