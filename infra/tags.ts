import * as pulumi from "@pulumi/pulumi";
import { readTags } from "./settings/tags.ts";

/** Returns the tags that tell whose a resource is, and those that the stack's config adds. */
export function tagsOf(): Record<string, string> {
  return { ...readTags(), project: pulumi.getProject(), stack: pulumi.getStack() };
}
