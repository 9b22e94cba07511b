import * as pulumi from "@pulumi/pulumi";
import { refusal } from "../refusal.ts";

/** A key of the stack config: `parse` returns undefined for a value that is not `expected`. */
export type Key<T> = {
  expected: string;
  parse: (value: string) => T | undefined;
  byDefault?: string;
};

export const key = <T>(definition: Key<T>) => definition;

/** Reads a key of the project. Throws a `pulumi.RunError` of one line if its value is wrong. */
export function read<T>(name: string, { expected, parse, byDefault }: Key<T>): T {
  const value = new pulumi.Config().get(name) ?? byDefault;
  const parsed = value === undefined ? undefined : parse(value);
  if (parsed === undefined) throw refused(name, value, expected);
  return parsed;
}

/** Reads a key that a stack need not have, and that Pulumi.yaml makes the empty text by default. */
export function readOptional<T>(name: string, definition: Key<T>): T | undefined {
  return new pulumi.Config().get(name) ? read(name, definition) : undefined;
}

/** Returns the error about a key of the project. */
export function refused(
  name: string,
  value: string | undefined,
  expected: string,
): pulumi.RunError {
  return wrong(`${pulumi.getProject()}:${name}`, value, expected);
}

export function wrong(name: string, value: string | undefined, expected: string): pulumi.RunError {
  const found = !value ? "is not set" : `is ${JSON.stringify(value)}`;
  return refusal(`Stack config ${name} ${found}: it takes ${expected}.`);
}

/** Parses a mapping, which Pulumi gives as JSON; undefined if it is none. */
export function parseMapping(value: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(value);
    const isMapping = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
    return isMapping ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}

/** Returns an ARN if it has this form, and its first group is the region of the stack. */
export function arnOfRegion(form: RegExp): (value: string) => string | undefined {
  return (value) => {
    const [, region] = form.exec(value) ?? [];
    return region === new pulumi.Config("aws").get("region") ? value : undefined;
  };
}

export function wholeNumber(least: number, most: number, byDefault: string): Key<number> {
  return {
    expected: `a whole number from ${least} to ${most}`,
    parse: (value) =>
      /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most
        ? Number(value)
        : undefined,
    byDefault,
  };
}

export function boolean(byDefault: "true" | "false"): Key<boolean> {
  const values: Record<string, boolean> = { true: true, false: false };
  return { expected: "true or false", parse: (value) => values[value], byDefault };
}
