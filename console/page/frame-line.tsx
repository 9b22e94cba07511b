import type { Line, MessageFacts } from "./frame-list.ts";
import type { Gap } from "./gaps.ts";
import { parseRecord } from "./requests.ts";

/** One line of a client's column. */
export function FrameLine({ line }: { line: Line }) {
  const time = <time>{clock(line.time)}</time>;
  switch (line.kind) {
    case "note":
      return (
        <li class="note">
          {time} {line.text}
        </li>
      );
    case "gap":
      return <GapLine channel={line.channel} gap={line.gap} />;
    case "out":
      return (
        <li class="out">
          {time} <span class="arrow">sent</span> <code>{line.text}</code>
        </li>
      );
    case "told":
      return (
        <li class="in">
          {time} <span class="channel">{line.channel}</span> <span class="mark">{line.told}</span>{" "}
          <code>{line.text}</code>
        </li>
      );
    case "in":
      return (
        <li class={line.message ? "in message" : "in"}>
          {time} {line.message ? <Facts {...line.message} /> : <span class="arrow">got</span>}{" "}
          <code>{line.message?.id === undefined ? line.text : dataOf(line.text)}</code>
        </li>
      );
  }
}

function Facts({ id, channel, latency, marks }: MessageFacts) {
  return (
    <>
      {channel !== undefined && <span class="channel">{channel}</span>}{" "}
      {id !== undefined && <span class="id">{id}</span>}{" "}
      {latency !== undefined && <span class="latency">{Math.max(0, Math.round(latency))} ms</span>}{" "}
      {marks.map((mark) => (
        <span key={mark} class={`mark ${mark}`}>
          {mark}
        </span>
      ))}
    </>
  );
}

/** A gap that has been filled is told as such, and no longer marked. */
function GapLine({ channel, gap: { epoch, missing } }: { channel: string; gap: Gap }) {
  const [first] = missing;
  if (first === undefined) return <li class="note">The gap on {channel} is filled</li>;
  const which = missing.size === 1 ? "" : ` and ${missing.size - 1} more`;
  return (
    <li class="gap">
      Gap on {channel}: {epoch}-{first}
      {which} not there yet
    </li>
  );
}

/** Returns the `data` of a message: text, or JSON as it was written, to the last digit. */
function dataOf(frame: string): string {
  const { data } = parseRecord(frame) ?? {};
  if (typeof data === "string") return data;
  return frame.slice(frame.indexOf('"data":') + '"data":'.length, frame.lastIndexOf(',"time":'));
}

/** As in `10:00:00.001`. */
function clock(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, "0");
  const seconds = `${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, "0")}`;
  return `${two(date.getHours())}:${two(date.getMinutes())}:${seconds}`;
}
