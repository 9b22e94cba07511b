import { SqsError } from "./errors.ts";

/** What a request, or an entry of its batch, says: each of its parameters is checked when it is read. */
export class Input {
  readonly #parameters: Record<string, unknown>;

  /** Throws SerializationException for what is no JSON object. */
  constructor(parameters: unknown) {
    if (typeof parameters !== "object" || parameters === null || Array.isArray(parameters)) {
      throw new SqsError("SerializationException", "Start of structure or map expected.");
    }
    this.#parameters = { ...parameters };
  }

  has(name: string): boolean {
    return this.#parameters[name] !== undefined && this.#parameters[name] !== null;
  }

  /** Throws MissingParameter for a text that is missing or empty. */
  text(name: string): string {
    const value = this.#parameters[name] ?? "";
    if (typeof value !== "string") throw wrongType(name, "a string");
    if (value === "") {
      throw new SqsError("MissingParameter", `The request must contain the parameter ${name}.`);
    }
    return value;
  }

  /** Undefined where it is missing; throws InvalidParameterValue for one out of range. */
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

  /** Empty where it is missing. */
  texts(name: string): string[] {
    return this.#list(name).map((value) => {
      if (typeof value !== "string") throw wrongType(name, "a list of strings");
      return value;
    });
  }

  /** Empty where it is missing. */
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
