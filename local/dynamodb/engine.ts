import { EventEmitter } from "node:events";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";

export type Answer = {
  status: number;
  /** JSON. */
  body: string;
};

export type Engine = {
  /** Performs what `X-Amz-Target` and the body of a request say. */
  perform: (target: string, body: Buffer) => Promise<Answer>;
  /** Reaches the tables directly, past every permission. */
  client: DynamoDBClient;
};

/**
 * The tables: dynalite, in memory. Its server never listens and is handed each request in process, so
 * there is no second way to the tables over the network, and nothing to close.
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

  // The SDK would warn of Node 20 on every start, and reaches nothing but these tables here.
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

/** dynalite wants a signature to be there, and verifies none. */
const signed = {
  authorization: "AWS4-HMAC-SHA256 Credential=engine, SignedHeaders=host, Signature=engine",
  "x-amz-date": "20260101T000000Z",
};
