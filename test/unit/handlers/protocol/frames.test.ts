import assert from "node:assert/strict";
import {
  checkSize,
  directFrames,
  frameFor,
  messageFrames,
} from "../../../../handlers/protocol/frames.ts";

const message = {
  channel: "news",
  epoch: "k3f9x2",
  sequence: 42,
  text: "hello",
  isJson: false,
  time: "2026-11-22T10:00:00.000Z",
};

describe("the frames of a message", () => {
  it("are its text, and an object with its id, data and time", () => {
    const frames = messageFrames(message);
    assert.equal(frameFor("plain", frames), "hello");
    assert.equal(
      frameFor("channels.v1", frames),
      '{"type":"message","channel":"news","id":"k3f9x2-42","data":"hello","time":"2026-11-22T10:00:00.000Z"}',
    );
  });

  it("have JSON as it was written, to the last digit", () => {
    const text = ' {"price": 3.0,\n"__proto__": [12345678901234567890]} ';
    const frames = messageFrames({ ...message, text, isJson: true });
    assert.equal(frames.plain, text);
    assert.ok(frames["channels.v1"].includes(`,"data":${text},"time":`));
  });

  it("have text that looks like JSON as text", () => {
    const frames = messageFrames({ ...message, text: '{"type":"error"}' });
    assert.match(frames["channels.v1"], /,"data":"\{\\"type\\":\\"error\\"\}",/);
  });
});

describe("the frames of a direct message", () => {
  it("are its text, and an object with its data and the time, without a channel", () => {
    const now = Date.UTC(2026, 10, 22, 10);
    assert.deepEqual(directFrames({ text: "[1]", isJson: true }, now), {
      plain: "[1]",
      "channels.v1": '{"type":"direct","data":[1],"time":"2026-11-22T10:00:00.000Z"}',
    });
  });
});

describe("the size of frames", () => {
  const tooLarge = (bytes: number, max: number) => ({
    code: "too-large",
    message: `The message takes ${bytes} bytes with its envelope: it may take up to ${max}.`,
  });

  it("is that of the larger one, whichever it is", () => {
    checkSize({ plain: "12345", "channels.v1": "123" }, 5);
    checkSize({ plain: "123", "channels.v1": "12345" }, 5);
    assert.throws(
      () => {
        checkSize({ plain: "12345", "channels.v1": "123" }, 4);
      },
      tooLarge(5, 4),
    );
    assert.throws(
      () => {
        checkSize({ plain: "123", "channels.v1": "12345" }, 4);
      },
      tooLarge(5, 4),
    );
  });

  it("counts bytes of UTF-8, not characters", () => {
    const frames = { plain: "grüße \u{1f44b}", "channels.v1": "" };
    checkSize(frames, 12);
    assert.throws(
      () => {
        checkSize(frames, 11);
      },
      tooLarge(12, 11),
    );
  });
});
