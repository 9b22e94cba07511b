import assert from "node:assert/strict";
import { readEnvironment } from "../../../../handlers/aws/environment.ts";

describe("the environment of a function", () => {
  let outside: NodeJS.ProcessEnv;
  beforeEach(() => {
    outside = { ...process.env };
  });
  afterEach(() => {
    for (const name of Object.keys(process.env)) {
      if (outside[name] === undefined) Reflect.deleteProperty(process.env, name);
    }
    Object.assign(process.env, outside);
  });

  it("is read as text, as whole numbers and as the mode of auth", () => {
    Object.assign(process.env, { TABLE_NAME: " 12 ", MAX_MESSAGE_BYTES: "0131072", AUTH: "jwt" });
    assert.deepEqual(readEnvironment("TABLE_NAME", "MAX_MESSAGE_BYTES", "AUTH"), {
      TABLE_NAME: " 12 ",
      MAX_MESSAGE_BYTES: 131_072,
      AUTH: "jwt",
    });
  });

  it("is read as true or false, and as nothing else", () => {
    for (const value of ["true", "false"]) {
      process.env.PREFIX_SUBSCRIPTIONS = value;
      const { PREFIX_SUBSCRIPTIONS } = readEnvironment("PREFIX_SUBSCRIPTIONS");
      assert.equal(PREFIX_SUBSCRIPTIONS, value === "true");
    }
    for (const value of ["yes", "True", "1", "constructor"]) {
      process.env.PREFIX_SUBSCRIPTIONS = value;
      assert.throws(() => readEnvironment("PREFIX_SUBSCRIPTIONS"), {
        message: `The function's environment: PREFIX_SUBSCRIPTIONS is "${value}" and takes true or false.`,
      });
    }
  });

  it("has nothing that was not asked for", () => {
    Object.assign(process.env, { HISTORY_SECONDS: "0", DEFAULT_CHANNEL: "test" });
    assert.deepEqual(readEnvironment("HISTORY_SECONDS"), { HISTORY_SECONDS: 0 });
  });

  for (const value of ["-1", "1.5", "1e3", "0x10", " 5", "5\n", "five", "1".repeat(16), "NaN"]) {
    it(`is refused where a number is ${JSON.stringify(value)}`, () => {
      process.env.INLINE_RECIPIENTS = value;
      assert.throws(() => readEnvironment("INLINE_RECIPIENTS"), {
        message: `The function's environment: INLINE_RECIPIENTS is "${value}" and takes a whole number.`,
      });
    });
  }

  for (const value of ["None", "jwt ", "constructor", "0"]) {
    it(`is refused where the mode of auth is "${value}"`, () => {
      process.env.AUTH = value;
      assert.throws(() => readEnvironment("AUTH"), {
        message: `The function's environment: AUTH is "${value}" and takes iam, jwt, none.`,
      });
    });
  }

  it("is refused with the name of each variable at fault, and of no other", () => {
    delete process.env.TABLE_NAME;
    Object.assign(process.env, { JWT_ISSUER: "", AUTH: "open", DEFAULT_CHANNEL: "test" });
    assert.throws(() => readEnvironment("TABLE_NAME", "JWT_ISSUER", "AUTH", "DEFAULT_CHANNEL"), {
      message:
        "The function's environment: TABLE_NAME is not set; JWT_ISSUER is not set; " +
        'AUTH is "open" and takes iam, jwt, none.',
    });
  });
});
