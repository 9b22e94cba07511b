/** One step of an example in docs/protocol.md, in the order of the file. */
export type Step =
  | { do: "connect"; who: string; query: string; protocols: string[] }
  | { do: "be refused"; status: number; query: string }
  | { do: "send" | "receive"; who: string; frame: string }
  | { do: "close"; who: string }
  | { do: "be closed"; who: string; code: number; reason: string }
  | { do: "request"; method: string; path: string; headers: [string, string][]; body?: string }
  | { do: "be answered"; status: number; type: string | null; body: string };

type Parts = Record<string, string | undefined>;

/** The forms of a line of a `websocket` block. */
const sentences: [RegExp, (parts: Parts) => Step][] = [
  [
    /^(?<who>\w+) connects(?: (?<query>\?\S+))?(?: with (?<protocol>\S+))?$/,
    ({ who = "", query = "", protocol }) => ({
      ...{ do: "connect", who, query },
      protocols: protocol === undefined ? [] : [protocol],
    }),
  ],
  [
    /^\w+ is refused (?<status>\d{3}) (?<query>\?\S+)$/,
    ({ status, query = "" }) => ({ do: "be refused", status: Number(status), query }),
  ],
  [/^(?<who>\w+) > (?<frame>.+)$/, ({ who = "", frame = "" }) => ({ do: "send", who, frame })],
  [/^(?<who>\w+) < (?<frame>.+)$/, ({ who = "", frame = "" }) => ({ do: "receive", who, frame })],
  [/^(?<who>\w+) closes$/, ({ who = "" }) => ({ do: "close", who })],
  [
    /^(?<who>\w+) is closed (?<code>\d{4}) (?<reason>.+)$/,
    ({ who = "", code, reason = "" }) => ({ do: "be closed", who, code: Number(code), reason }),
  ],
];

/** The form of an `http` block: a request with its headers and body, and the answer. */
const exchange =
  /^(?<method>[A-Z]+) (?<path>\/\S*)\n(?<headers>(?:[\w-]+: .*\n)*)\n(?:(?<sent>(?:(?!→ ).*\n)+)\n)?→ (?<status>\d{3})(?: (?<type>\S+))?\n(?<body>.*\n)?$/;

/**
 * Returns the steps of every `websocket` and `http` block; the `ts` block is not an example of what goes
 * over the wire. Throws for any other block, and for a line that it cannot read.
 */
export function readExamples(markdown: string): Step[] {
  const blocks = [...markdown.matchAll(/^```(\w+)\n(.*?)^```$/gms)];
  const fences = markdown.match(/```|~~~/g) ?? [];
  if (fences.length !== 2 * blocks.length) throw unreadable("a fence that is none of a block");
  return blocks.flatMap(([block, language, text = ""]) => {
    if (language === "websocket") return text.trimEnd().split("\n").map(readLine);
    if (language === "http") return readExchange(text);
    if (language === "ts") return [];
    throw unreadable(block);
  });
}

/** Returns the code of the one `ts` block. Throws if there is none, or more than one. */
export function readCode(markdown: string): string {
  const [code, ...others] = [...markdown.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text]) => text);
  if (code === undefined || others.length > 0) throw unreadable("not exactly one ts block");
  return code;
}

function readLine(line: string): Step {
  for (const [sentence, read] of sentences) {
    const match = sentence.exec(line);
    if (match !== null) return read(match.groups ?? {});
  }
  throw unreadable(line);
}

function readExchange(text: string): Step[] {
  const parts: Parts | undefined = exchange.exec(text)?.groups;
  if (parts === undefined) throw unreadable(text);
  const { method = "", path = "", headers = "", sent, status, type, body = "" } = parts;
  return [
    {
      ...{ do: "request", method, path },
      headers: headers.split("\n").filter(Boolean).map(readHeader),
      ...(sent !== undefined && { body: sent.trimEnd() }),
    },
    { do: "be answered", status: Number(status), type: type ?? null, body: body.trimEnd() },
  ];
}

function readHeader(line: string): [string, string] {
  const colon = line.indexOf(": ");
  return [line.slice(0, colon), line.slice(colon + 2)];
}

function unreadable(what: string): Error {
  return new Error(`docs/protocol.md has what no test can run: ${what}`);
}
