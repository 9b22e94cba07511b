import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Provider } from "@pulumi/pulumi/provider/index.js";
import type { Cloud } from "../../../local/graph/cloud-state.ts";
import { recordOf } from "../../../local/shared/record.ts";
import { publicAws } from "../../support/public-aws.ts";
import { checkCertificate, checkCreate, checkDelete, type Made } from "./aws-rules.ts";
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
 * local stack, and with what has no local meaning, and makes nothing.
 */
export function awsProvider(cloud: Cloud, record: (operation: Operation) => void): Provider {
  /** The resources that there are: a URN has two while one replaces the other. */
  const made = new Map<string, Made>();
  const there = () => [...made.values()];

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
      const full = withComputed(type, olds, news);
      const changed = [...propertiesOf(type).known].filter(
        (property) => !isDeepStrictEqual(comparable(olds[property]), comparable(full[property])),
      );
      const replaces = changed.filter((property) => replacements[type]?.includes(property));
      return Promise.resolve({ changes: changed.length > 0, replaces });
    },

    async create(urn, inputs: Inputs) {
      const { type, name } = parse(urn);
      checkCreate({ type, inputs }, there());
      const physical = typeof inputs.name === "string" ? inputs.name : physicalName(name);
      const { id, state } = publicAws.stateOf(cloud, { type, physicalName: physical, inputs });
      made.set(`${urn} ${id}`, { type, id, inputs });
      record({ operation: "create", ...parse(urn) });
      return Promise.resolve({ id, outs: { ...inputs, ...state } });
    },

    invoke(token, inputs: Inputs) {
      return Promise.resolve({ outputs: publicAws.call(token, inputs) });
    },

    read(id, urn, props: Inputs) {
      return Promise.resolve(made.has(`${urn} ${id}`) ? { id, props } : { id: "", props: {} });
    },

    async update(id, urn, olds: Inputs, news: Inputs) {
      const { type } = parse(urn);
      checkCertificate({ type, inputs: news }, there());
      made.set(`${urn} ${id}`, { type, id, inputs: news });
      record({ operation: "update", ...parse(urn) });
      const { known } = propertiesOf(type);
      const computed = Object.entries(olds).filter(([property]) => !known.has(property));
      const outs = { ...Object.fromEntries(computed), ...withComputed(type, olds, news) };
      return Promise.resolve({ outs });
    },

    async delete(id, urn, props: Inputs) {
      const { type } = parse(urn);
      checkDelete({ type, id, inputs: props }, there());
      made.delete(`${urn} ${id}`);
      record({ operation: "delete", ...parse(urn) });
      return Promise.resolve();
    },
  };
}

/** Returns the inputs of a domain name with what AWS has added within one of them. */
function withComputed(type: string, olds: Inputs, news: Inputs): Inputs {
  if (type !== "aws:apigatewayv2/domainName:DomainName") return news;
  const [old, own] = [olds, news].map((one) => recordOf(one.domainNameConfiguration));
  return { ...news, domainNameConfiguration: { ...old, ...own } };
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
