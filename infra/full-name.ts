import * as pulumi from "@pulumi/pulumi";

/**
 * Returns the name by which people tell resources apart in AWS's console: an account has those of many stacks
 * side by side. Pulumi makes physical names of it, but for APIs, whose names need not differ.
 */
export function fullName(name: string): string {
  return `${pulumi.getProject()}-${pulumi.getStack()}-${name}`;
}
