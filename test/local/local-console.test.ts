import assert from "node:assert/strict";
import type { FaultsInfo, Handshake, ResourceGraph } from "../../console/api.ts";
import { localConsole, type LocalConsole } from "../../local/cli/console.ts";
import { faultSwitch } from "../../local/cli/fault-switch.ts";
import { Client } from "../support/client.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

describe("the console of npm start", () => {
  for (const auth of ["none", "iam", "jwt"]) {
    describe(`with auth ${auth}`, () => {
      let served: LocalConsole;
      let stack: TestStack;
      let url: string;
      before(async () => {
        const asked = { consolePort: 0, faultSwitch: faultSwitch([]), stack: "staging" };
        served = await localConsole(asked, () => undefined);
        stack = await startTestStack({ ...served.looks, config: { auth } });
        url = served.serve(() => stack);
      });
      after(async () => {
        await stack.close();
        await served.close();
      });

      const connect = async (protocol: string, channel: string) => {
        const body = JSON.stringify({ channels: [channel], protocol });
        const response = await fetch(`${url}api/handshake`, { method: "POST", body });
        const handshake = (await response.json()) as Handshake;
        return Client.connect(handshake.url, handshake.protocols);
      };
      const call = (method: string, path: string, body?: string) =>
        fetch(`${url}api/http/${path}`, { method, ...(body !== undefined && { body }) });

      it("connects clients of both kinds, and publishes to them", async () => {
        const plain = await connect("plain", "news");
        const other = await connect("channels.v1", "news");
        const { status } = await call("POST", "channels/news/messages", "hello");
        assert.equal(status, 200);
        assert.equal(await plain.next(), "hello");
        assert.match(await other.next(), /^\{"type":"message","channel":"news",.*"data":"hello"/);
        await plain.close();
        await other.close();
      });

      it("may do what an admin may", async () => {
        const client = await connect("channels.v1", "alone");
        const listed = await call("GET", "channels/alone/connections");
        const { connections } = (await listed.json()) as {
          connections: { connectionId: string; connectedAt: string }[];
        };
        const ids = connections.map(({ connectionId }) => encodeURIComponent(connectionId));
        for (const id of ids) {
          assert.equal((await call("GET", `connections/${id}`)).status, 200);
          assert.equal((await call("DELETE", `connections/${id}`)).status, 204);
        }
        assert.equal((await client.closed)[0], 1000);
      });

      it("has the faults and the graph of the stack", async () => {
        const ask = async (path: string): Promise<unknown> => (await fetch(url + path)).json();
        assert.deepEqual(((await ask("api/faults")) as FaultsInfo).chosen, []);
        assert.deepEqual(await ask("api/graph"), stack.graph);
        const { nodes } = stack.graph satisfies ResourceGraph;
        assert.equal(
          nodes.some(({ name }) => name === "authorizer"),
          auth === "jwt",
        );
      });
    });
  }
});
