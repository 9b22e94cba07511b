import type { LocalStack } from "./stack.ts";

/** What of a stack its user is told. */
type Told = Pick<LocalStack, "outputs" | "issuer" | "user"> & { description: { region: string } };

// Claims of the tokens that a new stack gives out, by the name of who has them.
const roles = {
  SUBSCRIBER: { subscribe: ["*"] },
  PUBLISHER: { publish: ["*"] },
  ADMIN: { subscribe: ["*"], publish: ["*"], admin: true },
};

/** What `npm start` prints: where the stack is, what lets one in, and what to try first. */
export async function startLines(stack: Told): Promise<string[]> {
  const { websocketUrl, httpUrl } = stack.outputs;
  return [
    ...lines("websocket", [String(websocketUrl)]),
    ...lines("http", [String(httpUrl)]),
    ...(await wayIn(stack)),
  ];
}

/** The first of the lines has a word before it. */
function lines(word: string, [first = "", ...more]: string[]): string[] {
  return [word.padEnd(11) + first, ...more.map((line) => " ".repeat(11) + line)];
}

async function wayIn({ outputs, description, issuer, user }: Told): Promise<string[]> {
  const wscat = String(outputs.wscat);
  const curl = String(outputs.curl);
  if (issuer !== undefined) {
    const tokens = Object.entries(roles).map(async ([name, claims]) => {
      const token = await issuer.sign({ sub: name.toLowerCase(), ...claims });
      return `export ${name}=${token}`;
    });
    return [
      ...lines("tokens", await Promise.all(tokens)),
      ...lines("try", [
        `${wscat} --subprotocol channels.v1 --subprotocol "bearer.$SUBSCRIBER"`,
        `npx wscat --connect "${String(outputs.websocketUrl)}?token=$SUBSCRIBER"`,
        `${curl} -H "authorization: Bearer $PUBLISHER"`,
      ]),
    ];
  }
  if (user !== undefined) {
    const url = `npm run --silent url -- --url ${String(outputs.websocketUrl)}`;
    const signed = `--aws-sigv4 "aws:amz:${description.region}:execute-api"`;
    return [
      ...lines("keys", [
        `export AWS_ACCESS_KEY_ID=${user.accessKeyId}`,
        `export AWS_SECRET_ACCESS_KEY=${user.secretAccessKey}`,
      ]),
      ...lines("try", [
        `npx wscat --connect "$(${url})"`,
        `${curl} ${signed} --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"`,
      ]),
    ];
  }
  return lines("try", [wscat, curl]);
}
