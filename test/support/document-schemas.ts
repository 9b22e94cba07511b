import assert from "node:assert/strict";
import { registerSchema, validate } from "@hyperjump/json-schema/openapi-3-1";
import withoutServers from "../../handlers/protocol/asyncapi.json" with { type: "json" };
import openApi from "../../handlers/protocol/openapi.json" with { type: "json" };

export { openApi };

/** The document as the stack with the URL `wss://sockets.example/staging` serves it. */
export const asyncApi = {
  ...withoutServers,
  servers: { stage: { host: "sockets.example", pathname: "/staging", protocol: "wss" } },
};

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

type Schema = { $ref?: string; type?: string; properties?: { code?: { enum?: string[] } } };
type Answer = { description?: string; content?: Record<string, { schema: Schema }> };
type Operation = { responses: Record<string, Answer | { $ref: string }> };
type PathItem = { parameters?: object[]; get?: Operation; post?: Operation; delete?: Operation };

/** An operation of the OpenAPI document, as the HTTP API has it. */
export type Request = {
  /** As in `POST /channels/{channel}/messages`. */
  routeKey: string;
  answers: DocumentedAnswer[];
};

export type DocumentedAnswer = {
  /** `default` if it stands for all others. */
  status: string;
  /** The place in the document. */
  pointer: string;
  /** Every code that the problem may have. */
  codes: string[];
};

export const requests: Request[] = Object.entries<PathItem>(openApi.paths).flatMap(
  ([path, { get, post, delete: remove }]) =>
    Object.entries({ get, post, delete: remove }).flatMap(([method, operation]) => {
      if (operation === undefined) return [];
      const place = `#/paths/${escape(path)}/${method}/responses`;
      const answers = Object.entries(operation.responses).map(([status, response]) =>
        documented(status, `${place}/${status}`, response),
      );
      return [{ routeKey: `${method.toUpperCase()} ${path}`, answers }];
    }),
);

function documented(
  status: string,
  pointer: string,
  response: Answer | { $ref: string },
): DocumentedAnswer {
  if ("$ref" in response) {
    const shared: Record<string, Answer> = openApi.components.responses;
    const found = shared[response.$ref.replace("#/components/responses/", "")];
    assert.ok(found, `${response.$ref} is not there`);
    return documented(status, response.$ref, found);
  }
  const problem = response.content?.["application/problem+json"];
  return { status, pointer, codes: problem?.schema.properties?.code?.enum ?? [] };
}

/** Fails if a body is not what the document says of the answer with this content type. */
export function checkBody({ pointer }: DocumentedAnswer, type: string, body: Json) {
  return check("openapi.json", `${pointer}/content/${escape(type)}/schema`, body);
}

/** Fails if a frame is not what the document says of the message of this name. */
export function checkFrame(message: string, frame: Json) {
  return check("asyncapi.json", `#/components/messages/${message}/payload`, frame);
}

const origin = "https://documents.example/";
register("openapi.json", openApi, "https://spec.openapis.org/oas/3.1/schema-base");
register("asyncapi.json", asyncApi, "https://json-schema.org/draft/2020-12/schema");

/** Registers a document whose objects may have no properties but those that it names. */
function register(name: string, document: object, dialect: string): void {
  const closed = JSON.parse(JSON.stringify(document), (_key, value: unknown) =>
    typeof value === "object" && value !== null && "properties" in value
      ? { ...value, unevaluatedProperties: false }
      : value,
  ) as Record<string, Json>;
  registerSchema(closed, origin + name, dialect);
}

async function check(name: string, pointer: string, value: Json): Promise<void> {
  const output = await validate(origin + name + pointer, value, "BASIC");
  assert.deepEqual(output, { valid: true }, `${JSON.stringify(value)} is not as ${pointer} says`);
}

/** Returns a key as it is written in a JSON pointer in the fragment of a URI (RFC 6901). */
function escape(key: string): string {
  return encodeURIComponent(key.replaceAll("~", "~0").replaceAll("/", "~1"));
}
