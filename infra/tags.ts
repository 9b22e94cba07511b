import * as pulumi from "@pulumi/pulumi";

/** Returns the tags that tell whose a resource is; `aws:defaultTags` in stack config adds to them. */
export function tagsOf(): Record<string, string> {
  return { project: pulumi.getProject(), stack: pulumi.getStack() };
}
