import type { LocalStack } from "./stack.ts";

/** What of a stack its user is told. */
type Told = Pick<LocalStack, "outputs" | "issuer" | "user"> & { description: { region: string } };

// Claims of the tokens that a new stack gives out, by the name of who has them.
const roles = {
  SUBSCRIBER: { subscribe: ["*"], presence: ["*"] },
  PUBLISHER: { publish: ["*"] },
  ADMIN: { subscribe: ["*"], publish: ["*"], presence: ["*"], admin: true },
};

/** What `npm start` prints: where the stack is, what lets one in, and what to try first. */
export async function startLines(stack: Told, consoleUrl: string): Promise<string[]> {
  const { websocketUrl, httpUrl, wscat, curl } = stack.outputs;
  return [
    ...lines("websocket", [String(websocketUrl)]),
    ...lines("http", [String(httpUrl)]),
    ...lines("console", [consoleUrl]),
    ...(await wayIn(stack)),
    ...lines("try", [
      String(wscat).replace("$TOKEN", "$SUBSCRIBER"),
      String(curl).replace("$TOKEN", "$PUBLISHER"),
    ]),
  ];
}

/** The first of the lines has a word before it. */
function lines(word: string, [first = "", ...more]: string[]): string[] {
  return [word.padEnd(11) + first, ...more.map((line) => " ".repeat(11) + line)];
}

async function wayIn({ description, issuer, user }: Told): Promise<string[]> {
  if (issuer !== undefined) {
    const tokens = Object.entries(roles).map(async ([name, claims]) => {
      const token = await issuer.sign({ sub: name.toLowerCase(), ...claims });
      return `export ${name}=${token}`;
    });
    return lines("tokens", await Promise.all(tokens));
  }
  if (user !== undefined) {
    return lines("keys", [
      `export AWS_ACCESS_KEY_ID=${user.accessKeyId} AWS_SECRET_ACCESS_KEY=${user.secretAccessKey}`,
      // A session token of the user's own would not go with these keys.
      `export AWS_REGION=${description.region} AWS_SESSION_TOKEN=`,
    ]);
  }
  return [];
}
