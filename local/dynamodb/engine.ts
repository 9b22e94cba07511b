import { EventEmitter } from "node:events";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import type { JsonAnswer } from "../shared/aws-json-server.ts";

export type Engine = {
  /** Performs a request; `target` is its `X-Amz-Target`. */
  perform: (target: string, body: Buffer) => Promise<JsonAnswer>;
  /** Reaches the tables directly, past all permissions. */
  client: DynamoDBClient;
};

/**
 * Keeps the tables: dynalite, in memory. Its server never listens and gets each request in process, so
 * that no second way leads to the tables over the network, and nothing is to be closed.
 *
 * dynalite 4 has no transactions, no streams and no PartiQL, and ignores
 * ReturnValuesOnConditionCheckFailure.
 */
export function engine(): Engine {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });

  const perform: Engine["perform"] = (target, body) =>
    new Promise((resolve) => {
      const request = Object.assign(new EventEmitter(), {
        method: "POST",
        url: "/",
        headers: {
          ...signed,
          "content-type": "application/x-amz-json-1.0",
          "x-amz-target": target,
        },
      });
      const response = {
        statusCode: 200,
        setHeader: () => undefined,
        end(json = "") {
          resolve({ status: this.statusCode, body: json });
        },
      };
      server.emit("request", request, response);
      request.emit("data", body);
      request.emit("end");
    });

  // The SDK warns of Node 20 at every start. Here it reaches nothing but these tables.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  const client = new DynamoDBClient({
    region: "local",
    credentials: { accessKeyId: "engine", secretAccessKey: "engine" },
    requestHandler: {
      async handle(request: { headers: Record<string, string>; body: Uint8Array }) {
        const { "x-amz-target": target = "" } = request.headers;
        const { status, body } = await perform(target, Buffer.concat([request.body]));
        return { response: { statusCode: status, headers: {}, body: Buffer.from(body) } };
      },
    },
  });
  return { perform, client };
}

/** dynalite refuses a request without a signature, and verifies none. */
const signed = {
  authorization: "AWS4-HMAC-SHA256 Credential=engine, SignedHeaders=host, Signature=engine",
  "x-amz-date": "20260101T000000Z",
};
