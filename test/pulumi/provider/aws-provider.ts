import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Provider } from "@pulumi/pulumi/provider/index.js";
import { cloudState, type Cloud } from "../../../local/graph/cloud-state.ts";
import { replacements } from "./replacements.ts";
import { propertiesOf } from "./sdk-properties.ts";

/** What the engine has had done. */
export type Operation = {
  operation: "create" | "update" | "delete";
  stack: string;
  type: string;
  name: string;
};

type Inputs = Record<string, unknown>;

// What marks a value as an archive, in what the engine sends.
const signature = "4dabf18193072939515e22adb298388d";

/**
 * Returns a provider that checks, compares and refuses as AWS's does, answers with the cloud state of the
 * local stack, and makes nothing.
 */
export function awsProvider(cloud: Cloud, record: (operation: Operation) => void): Provider {
  /** The resources that there are: a URN has two while one replaces the other. */
  const made = new Map<string, Inputs>();

  return {
    version: "7.48.0",

    check(urn, olds: Inputs, news: Inputs) {
      const { type, name } = parse(urn);
      const { known, required } = propertiesOf(type);
      const inputs = { ...news };
      if (known.has("name")) inputs.name ??= olds.name ?? physicalName(name);
      const unknown = Object.keys(inputs).filter((property) => !known.has(property));
      const missing = required.filter((property) => inputs[property] === undefined);
      const failures = [
        ...unknown.map((property) => ({ property, reason: `${type} has no such property` })),
        ...missing.map((property) => ({ property, reason: `${type} cannot do without it` })),
      ];
      return Promise.resolve({ inputs, failures });
    },

    diff(_id, urn, olds: Inputs, news: Inputs) {
      const { type } = parse(urn);
      const changed = [...propertiesOf(type).known].filter(
        (property) => !isDeepStrictEqual(comparable(olds[property]), comparable(news[property])),
      );
      const replaces = changed.filter((property) => replacements[type]?.includes(property));
      return Promise.resolve({ changes: changed.length > 0, replaces });
    },

    async create(urn, inputs: Inputs) {
      const { type, name } = parse(urn);
      const others = [...made].filter(([key]) => parse(key).type === type);
      const isSame = (other: Inputs) => other.name === inputs.name && other.apiId === inputs.apiId;
      if (inputs.name !== undefined && others.some(([, other]) => isSame(other))) {
        throw new Error(`ConflictException: ${type} ${name} already exists`);
      }
      const physical = typeof inputs.name === "string" ? inputs.name : physicalName(name);
      const { id, state } = cloudState(cloud, { type, physicalName: physical, inputs });
      made.set(`${urn} ${id}`, inputs);
      record({ operation: "create", ...parse(urn) });
      return Promise.resolve({ id, outs: { ...inputs, ...state } });
    },

    read(id, urn, props: Inputs) {
      return Promise.resolve(made.has(`${urn} ${id}`) ? { id, props } : { id: "", props: {} });
    },

    update(id, urn, olds: Inputs, news: Inputs) {
      const { known } = propertiesOf(parse(urn).type);
      const computed = Object.entries(olds).filter(([property]) => !known.has(property));
      made.set(`${urn} ${id}`, news);
      record({ operation: "update", ...parse(urn) });
      return Promise.resolve({ outs: { ...Object.fromEntries(computed), ...news } });
    },

    async delete(id, urn, props: Inputs) {
      if (props.deletionProtectionEnabled === true) {
        throw new Error(
          `ValidationException: Table '${id}' can't be deleted while DeletionProtectionEnabled is set to True`,
        );
      }
      made.delete(`${urn} ${id}`);
      record({ operation: "delete", ...parse(urn) });
      return Promise.resolve();
    },
  };
}

function parse(urn: string): { stack: string; type: string; name: string } {
  const [stack = "", , type = "", name = ""] = urn.replace(/^urn:pulumi:/, "").split("::");
  return { stack, type: type.replace(/^.*\$/, ""), name };
}

function physicalName(name: string): string {
  return `${name}-${randomBytes(4).toString("hex").slice(1)}`;
}

/** An archive is the same where its content is. */
function comparable(value: unknown): unknown {
  return typeof value === "object" && value !== null && signature in value && "hash" in value
    ? value.hash
    : value;
}
