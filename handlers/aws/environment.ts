/** What infra sets on every function that works on the channels. */
export type Environment = {
  /** Name of the project, which the log puts on every line. */
  POWERTOOLS_SERVICE_NAME: string;
  /** Name of the stack, which its metrics have as a dimension. */
  STACK_NAME: string;
  TABLE_NAME: string;
  /** `https://<host>/<stage>`, under which `/@connections` is. */
  CONNECTIONS_ENDPOINT: string;
  /** `wss://<host>/<stage>`. */
  WEBSOCKET_URL: string;
  DELIVERY_QUEUE_URL: string;
  DEAD_LETTER_QUEUE_URL: string;
  /** Posts under way at the same time. */
  DELIVERY_CONCURRENCY: number;
  /** Subscribers that a publish serves itself; the others go to the queue. */
  INLINE_RECIPIENTS: number;
  AUTH: Auth;
  DEFAULT_CHANNEL: string;
  /** Seconds for which a message is kept; 0 keeps none. */
  HISTORY_SECONDS: number;
  /** Bytes that a message may take with its envelope. */
  MAX_MESSAGE_BYTES: number;
  /** Members of a channel that are told one by one. */
  PRESENCE_LIMIT: number;
  /** Seconds for which a member may come back before it has left. */
  PRESENCE_GRACE_SECONDS: number;
  /** Whether connections can be subscribed to prefixes. */
  PREFIX_SUBSCRIPTIONS: boolean;
};

/** What infra sets on the authorizer. */
export type AuthorizerEnvironment = Pick<Environment, "POWERTOOLS_SERVICE_NAME" | "STACK_NAME"> & {
  /** The claim `iss` of the tokens that it takes. */
  JWT_ISSUER: string;
  /** Their claim `aud`, or `client_id`. */
  JWT_AUDIENCE: string;
};

/** What Lambda itself sets. */
type LambdaEnvironment = {
  AWS_REGION: string;
  AWS_ACCESS_KEY_ID: string;
  AWS_SECRET_ACCESS_KEY: string;
  AWS_SESSION_TOKEN: string;
};

/** How the stack finds out who calls. */
export type Auth = "iam" | "jwt" | "none";

type Variables = Environment & AuthorizerEnvironment & LambdaEnvironment;

/** Returns undefined for a text that is not what the variable takes. */
type Parser<Value> = { expected: string; parse: (text: string) => Value | undefined };

const text: Parser<string> = { expected: "text", parse: (value) => value };
const wholeNumber: Parser<number> = {
  expected: "a whole number",
  parse: (value) => (/^\d{1,15}$/.test(value) ? Number(value) : undefined),
};
const boolean: Parser<boolean> = {
  expected: "true or false",
  parse: (value) => (value === "true" || value === "false" ? value === "true" : undefined),
};
const modes = ["iam", "jwt", "none"] as const;
const auth: Parser<Auth> = {
  expected: modes.join(", "),
  parse: (value) => modes.find((mode) => mode === value),
};

const parsers: { [Name in keyof Variables]: Parser<Variables[Name]> } = {
  POWERTOOLS_SERVICE_NAME: text,
  STACK_NAME: text,
  TABLE_NAME: text,
  CONNECTIONS_ENDPOINT: text,
  WEBSOCKET_URL: text,
  DELIVERY_QUEUE_URL: text,
  DEAD_LETTER_QUEUE_URL: text,
  DELIVERY_CONCURRENCY: wholeNumber,
  INLINE_RECIPIENTS: wholeNumber,
  AUTH: auth,
  DEFAULT_CHANNEL: text,
  HISTORY_SECONDS: wholeNumber,
  MAX_MESSAGE_BYTES: wholeNumber,
  PRESENCE_LIMIT: wholeNumber,
  PRESENCE_GRACE_SECONDS: wholeNumber,
  PREFIX_SUBSCRIPTIONS: boolean,
  JWT_ISSUER: text,
  JWT_AUDIENCE: text,
  AWS_REGION: text,
  AWS_ACCESS_KEY_ID: text,
  AWS_SECRET_ACCESS_KEY: text,
  AWS_SESSION_TOKEN: text,
};

/**
 * Reads variables of the function's environment, once, when the function is loaded.
 * Throws an Error that names every variable that is missing, empty or not what it takes.
 */
export function readEnvironment<Name extends keyof Variables>(
  ...names: Name[]
): Pick<Variables, Name> {
  const wrong: string[] = [];
  const entries = names.map((name) => {
    const { expected, parse } = parsers[name];
    const found = process.env[name];
    const value = found ? parse(found) : undefined;
    if (value === undefined) {
      wrong.push(found ? `${name} is "${found}" and takes ${expected}` : `${name} is not set`);
    }
    return [name, value];
  });
  if (wrong.length > 0) throw new Error(`The function's environment: ${wrong.join("; ")}.`);
  return Object.fromEntries(entries) as Pick<Variables, Name>;
}
