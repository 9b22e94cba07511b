import assert from "node:assert/strict";
import { lambdaFixture } from "./lambda-fixture.ts";

describe("permission to invoke a Lambda function", () => {
  const start = lambdaFixture();
  const code = "export const handler = async () => 'run';";
  const functionArn = "arn:aws:lambda:eu-west-1:123456789012:function:echo-1a2b3c";
  const principal = "apigateway.amazonaws.com";
  const api = "arn:aws:execute-api:eu-west-1:123456789012:abc123";
  const sourceArn = `${api}/staging/POST/channels/{channel}/messages`;

  for (const pattern of [
    sourceArn,
    `${api}/staging/POST/channels/*/messages`,
    `${api}/*/*/*`,
    `${api}/*`,
    "*",
  ]) {
    it(`lets in a source that matches ${pattern}`, async () => {
      const { invoke } = await start({
        code,
        permissions: [
          { functionArn, principal, sourceArn: "arn:aws:execute-api:other" },
          { functionArn, principal, sourceArn: pattern },
        ],
      });
      assert.deepEqual(await invoke({}, { sourceArn }), { outcome: "returned", value: "run" });
    });
  }

  const refused = {
    "there is none": [],
    "it is for another route": [{ functionArn, principal, sourceArn: `${api}/staging/GET/*` }],
    "it is for another API": [{ functionArn, principal, sourceArn: `${api}4/*` }],
    "its dots are no wildcards": [
      { functionArn, principal, sourceArn: sourceArn.replaceAll("-", ".") },
    ],
    "it is for the beginning alone": [{ functionArn, principal, sourceArn: `${api}/staging` }],
    "it is for another function": [
      { functionArn: `${functionArn}d`, principal, sourceArn: `${api}/*` },
    ],
    "it is for another service": [
      { functionArn, principal: "events.amazonaws.com", sourceArn: `${api}/*` },
    ],
  };
  for (const [why, permissions] of Object.entries(refused)) {
    it(`is denied where ${why}, and the log says so`, async () => {
      const { invoke, lines } = await start({ code, permissions });
      assert.deepEqual(await invoke({}, { sourceArn }), { outcome: "denied" });
      assert.deepEqual(lines, [`No permission lets ${sourceArn} invoke it`]);
    });
  }
});
