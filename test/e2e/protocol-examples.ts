/** One step of an example in docs/protocol.md, in the order of the file. */
export type Step =
  | { do: "connect"; who: string; query: string; protocols: string[] }
  | { do: "be refused"; status: number; query: string }
  | { do: "send" | "receive"; who: string; frame: string }
  | { do: "close"; who: string }
  | { do: "be closed"; who: string; code: number; reason: string }
  | { do: "request"; method: string; path: string; headers: [string, string][]; body?: string }
  | { do: "be answered"; status: number; type: string | null; body: string };

/** The steps of every `websocket` and `http` block. Throws for a line that says nothing it knows. */
export function readExamples(markdown: string): Step[] {
  const blocks = markdown.matchAll(/^```(websocket|http)\n(.*?)^```$/gms);
  return [...blocks].flatMap(([, language, text = ""]) =>
    language === "http" ? readRequest(text) : text.trim().split("\n").map(readLine),
  );
}

function readLine(line: string): Step {
  const [, who = "", verb, rest = ""] =
    /^(\w+) (connects|is refused|>|<|closes|is closed) ?(.*)$/.exec(line) ?? [];
  switch (verb) {
    case "connects": {
      const [, query = "", protocols = ""] = /^(\?\S+)? ?(?:with (.+))?$/.exec(rest) ?? [];
      return { do: "connect", who, query, protocols: protocols ? protocols.split(", ") : [] };
    }
    case "is refused": {
      const [, status = "", query = ""] = /^(\d{3}) (\?\S+)$/.exec(rest) ?? [];
      return { do: "be refused", status: Number(status), query };
    }
    case ">":
      return { do: "send", who, frame: rest };
    case "<":
      return { do: "receive", who, frame: rest };
    case "closes":
      return { do: "close", who };
    case "is closed": {
      const [, code = "", reason = ""] = /^(\d{4}) (.*)$/.exec(rest) ?? [];
      return { do: "be closed", who, code: Number(code), reason };
    }
    default:
      throw new Error(`docs/protocol.md: this line of an example says nothing: ${line}`);
  }
}

function readRequest(text: string): Step[] {
  const [, method = "", path = "", headers = "", sent = "", status = "", type, body = ""] =
    /^([A-Z]+) (\S+)\n((?:[\w-]+: [^\n]*\n)*)\n(?:(.*?)\n\n)?→ (\d{3})(?: (\S+))?\n(.*)$/s.exec(
      text,
    ) ?? [];
  if (method === "") throw new Error(`docs/protocol.md: this is no request: ${text}`);
  const pairs = headers.split("\n").filter(Boolean);
  return [
    {
      do: "request",
      ...{ method, path },
      headers: pairs.map((pair) => {
        const [name = "", value = ""] = pair.split(": ");
        return [name, value];
      }),
      ...(sent !== "" && { body: sent }),
    },
    { do: "be answered", status: Number(status), type: type ?? null, body: body.trim() },
  ];
}
