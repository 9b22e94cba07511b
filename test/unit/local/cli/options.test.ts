import assert from "node:assert/strict";
import { readOptions } from "../../../../local/cli/options.ts";

describe("the options of npm start", () => {
  it("have a port for each of the three addresses, 3000 to 3002 by default", () => {
    const portsOf = (args: string[]) => {
      const { httpPort, webSocketPort, consolePort } = readOptions(args) ?? assert.fail();
      return [httpPort, webSocketPort, consolePort];
    };
    assert.deepEqual(portsOf([]), [3000, 3001, 3002]);
    const all = ["--http-port", "1", "--websocket-port", "2", "--console-port", "0"];
    assert.deepEqual(portsOf(all), [1, 2, 0]);
  });

  it("take no console's port that is none", () => {
    assert.throws(() => readOptions(["--console-port", "70000"]), {
      name: "StartError",
      message: '--console-port is "70000": it takes a port from 0 to 65535.',
    });
  });

  it("begin with the faults that they name", () => {
    const { faultSwitch } = readOptions(["--fault", "post:429:100%"]) ?? assert.fail();
    assert.deepEqual(faultSwitch.chosen(), ["post:429:100%"]);
    assert.equal(faultSwitch.faults.post?.("id"), 429);
  });
});
