import { SqsError } from "./errors.ts";

/** The parameters of a request, or of an entry of its batch. Each is checked when it is read. */
export class Input {
  readonly #parameters: Record<string, unknown>;

  /** Throws SerializationException if this is not a JSON object. */
  constructor(parameters: unknown) {
    if (typeof parameters !== "object" || parameters === null || Array.isArray(parameters)) {
      throw new SqsError("SerializationException", "Start of structure or map expected.");
    }
    this.#parameters = { ...parameters };
  }

  has(name: string): boolean {
    return this.#parameters[name] !== undefined && this.#parameters[name] !== null;
  }

  /** Throws MissingParameter if the text is missing or empty. */
  text(name: string): string {
    const value = this.#parameters[name] ?? "";
    if (typeof value !== "string") throw wrongType(name, "a string");
    if (value === "") {
      throw new SqsError("MissingParameter", `The request must contain the parameter ${name}.`);
    }
    return value;
  }

  /** Returns undefined if it is missing. Throws InvalidParameterValue if it is out of range. */
  integer(name: string, from: number, to: number): number | undefined {
    const value = this.#parameters[name] ?? undefined;
    if (value === undefined) return undefined;
    if (typeof value !== "number" || !Number.isInteger(value)) throw wrongType(name, "an integer");
    if (value < from || value > to) {
      throw new SqsError(
        "InvalidParameterValue",
        `Value ${value} for parameter ${name} is invalid. Reason: Must be between ${from} and ${to}, if provided.`,
      );
    }
    return value;
  }

  /** Returns an empty list if it is missing. */
  texts(name: string): string[] {
    return this.#list(name).map((value) => {
      if (typeof value !== "string") throw wrongType(name, "a list of strings");
      return value;
    });
  }

  /** Returns an empty list if it is missing. */
  entries(name: string): Input[] {
    return this.#list(name).map((value) => new Input(value));
  }

  #list(name: string): unknown[] {
    const value = this.#parameters[name] ?? [];
    if (!Array.isArray(value)) throw wrongType(name, "a list");
    return value;
  }
}

function wrongType(name: string, expected: string): SqsError {
  return new SqsError("SerializationException", `${name} has to be ${expected}.`);
}
