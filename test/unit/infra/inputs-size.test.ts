import assert from "node:assert/strict";
import { run } from "../../support/program.ts";

const maxBytes = 64 * 1024;

// Pulumi writes the inputs of every resource into the stack's state, and again at each step.
describe("the inputs of every resource", () => {
  for (const auth of ["iam", "jwt", "none"]) {
    it(`take at most 64 KB with auth ${auth}`, async () => {
      const tokens = {
        "websocket-channels:jwtIssuer": "https://issuer.example",
        "websocket-channels:jwtAudience": "channels",
      };
      const { resources } = await run({
        "websocket-channels:auth": auth,
        ...(auth === "jwt" && tokens),
      });
      assert.ok(resources.some(({ type }) => type === "aws:lambda/function:Function"));
      for (const { urn, inputs } of resources) {
        const bytes = Buffer.byteLength(JSON.stringify(await resolved(inputs)));
        assert.ok(bytes <= maxBytes, `${urn} has ${bytes} bytes of inputs`);
      }
    });
  }
});

/** Resolves to a value with all of its promises resolved, as those of an archive's texts. */
async function resolved(value: unknown): Promise<unknown> {
  const settled = await value;
  if (typeof settled !== "object" || settled === null) return settled;
  if (Array.isArray(settled)) return Promise.all(settled.map(resolved));
  const entries = Object.entries(settled).map(async ([key, inner]: [string, unknown]) => [
    key,
    await resolved(inner),
  ]);
  return Object.fromEntries(await Promise.all(entries)) as unknown;
}
