import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { isRecord } from "../shared/record.ts";
import { StartError } from "../shared/start-error.ts";

export type StackConfig = {
  /** Folder of Pulumi.yaml, where the program runs. */
  folder: string;
  project: string;
  stack: string;
  /** Values by key, with its namespace. A value that is not a string is JSON, as in Pulumi. */
  values: Record<string, string>;
};

/**
 * Reads what `pulumi up` reads: the stack's file, and the defaults of Pulumi.yaml. Values of
 * `overrides` take precedence; a key without a namespace is of the project, as in the files.
 * Throws a StartError that names the file which is missing or malformed.
 */
export async function readStackConfig(
  projectFolder: string,
  stack: string,
  overrides: Record<string, string> = {},
): Promise<StackConfig> {
  const project = await readYaml(projectFolder, "Pulumi.yaml");
  const { name, config: schema = {} } = project;
  if (typeof name !== "string") throw new StartError("Pulumi.yaml has no name.");
  if (!isRecord(schema)) throw new StartError("Pulumi.yaml: config is not a mapping.");

  const file = `Pulumi.${stack}.yaml`;
  const { config: own = {} } = await readYaml(projectFolder, file);
  if (!isRecord(own)) throw new StartError(`${file}: config is not a mapping.`);

  const defaults = Object.entries(schema).flatMap(([key, declared]) =>
    isRecord(declared) && "default" in declared ? [[key, declared.default] as const] : [],
  );
  const withNamespace = (key: string) => (key.includes(":") ? key : `${name}:${key}`);
  const values = [...defaults, ...Object.entries(own)].map(([key, value]) => {
    if (isRecord(value) && "secure" in value) {
      throw new StartError(
        `${file}: ${key} is encrypted, and only Pulumi has the key: use a plain value locally.`,
      );
    }
    return [withNamespace(key), typeof value === "string" ? value : JSON.stringify(value)] as const;
  });
  const overriding = Object.entries(overrides).map(
    ([key, value]) => [withNamespace(key), value] as const,
  );
  return {
    folder: projectFolder,
    project: name,
    stack,
    values: Object.fromEntries([...values, ...overriding]),
  };
}

const domainKeys = [
  "domain",
  "hostedZone",
  "certificateArn",
  "websocketSubdomain",
  "httpSubdomain",
  "executeApiEndpoint",
];

/** Leaves a domain out of a config: the local stack answers at the addresses of its own. */
export function withoutDomain(config: StackConfig): StackConfig {
  const names = domainKeys.map((key) => `${config.project}:${key}`);
  const kept = Object.entries(config.values).filter(([name]) => !names.includes(name));
  return { ...config, values: Object.fromEntries(kept) };
}

async function readYaml(folder: string, file: string): Promise<Record<string, unknown>> {
  const text = await readFile(join(folder, file), "utf8").catch((error: unknown) => {
    throw new StartError(`${file} cannot be read: ${reason(error)}.`);
  });
  let content: unknown;
  try {
    content = parse(text) ?? {};
  } catch (error) {
    throw new StartError(`${file} is not YAML: ${reason(error)}`);
  }
  if (!isRecord(content)) throw new StartError(`${file} is not a mapping of keys to values.`);
  return content;
}

function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0]?.replace(/:$/, "") ?? "";
}
