// Epochs of ids, times, connection ids, cursors, the WebSocket API's address.
const standIn =
  /\b[a-z0-9]{6}(?=-\d+\b)|\d{4}-\d\d-\d\dT[\d:.]{12}Z|[\w-]{15}=|(?<=cursor(?:":"|=))[\w-]{16,}|ws:\/\/127\.0\.0\.1:\d+/g;

const isTime = /T.*Z$/;

/**
 * Tokens that an example has for values that differ each time: a token stands for the first value that is
 * seen in its place, and for the same value from then on, also where the example sends it back. Two tokens
 * that differ stand for two values that differ, but for times.
 */
export class StandIns {
  readonly #values = new Map<string, string>();

  /** Returns the text with the values that are known by now. */
  fill(text: string): string {
    return text.replace(standIn, (token) => this.#values.get(token) ?? token);
  }

  /** Returns whether the actual text is the example's, and learns what its tokens stand for. */
  matches(example: string, actual: string): boolean {
    const learned: string[] = [];
    let pattern = "";
    let end = 0;
    for (const { 0: token, index } of example.matchAll(standIn)) {
      pattern += escaped(example.slice(end, index));
      end = index + token.length;
      const value = this.#values.get(token);
      const known = learned.indexOf(token);
      if (value !== undefined) pattern += escaped(value);
      else if (known >= 0) pattern += `\\${known + 1}`;
      else {
        pattern += `(${shapeOf(token)})`;
        learned.push(token);
      }
    }
    pattern += escaped(example.slice(end));
    const match = new RegExp(`^${pattern}$`, "s").exec(actual);
    if (match === null) return false;
    const values = new Map(learned.map((token, index) => [token, match[index + 1] ?? ""]));
    if (!areDistinct([...this.#values, ...values])) return false;
    for (const [token, value] of values) this.#values.set(token, value);
    return true;
  }
}

/** Returns whether each token stands for another value; only two times may be the same. */
function areDistinct(values: [token: string, value: string][]): boolean {
  const others = values.filter(([token]) => !isTime.test(token)).map(([, value]) => value);
  return new Set(others).size === others.length;
}

/** A token stands for a value of its own kind only. */
function shapeOf(token: string): string {
  if (token.startsWith("ws:")) return "ws://127\\.0\\.0\\.1:\\d+";
  if (isTime.test(token)) return "\\d{4}-\\d\\d-\\d\\dT[\\d:.]{12}Z";
  if (token.endsWith("=")) return "[\\w-]{15}=";
  return token.length === 6 ? "[a-z0-9]{6}" : "[\\w-]{16,}";
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
