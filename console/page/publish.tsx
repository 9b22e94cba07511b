import { submitted } from "./fields.ts";
import { Panel } from "./panel.tsx";
import {
  answered,
  isRepeating,
  outcome,
  publish,
  refusal,
  startRepeating,
  stopRepeating,
  type Outcome,
} from "./publishing.ts";
import { channelNames, defaultChannel } from "./state.ts";

/** What publishes, once or at a rate, and what became of it. */
export function Publish() {
  const send = (event: SubmitEvent) => {
    const field = submitted(event);
    const publication = {
      channel: field("channel").trim() || defaultChannel.value,
      text: field("text"),
      isJson: field("kind") === "json",
    };
    if (event.submitter?.getAttribute("value") !== "repeat") void publish(publication);
    else startRepeating(publication, Number(field("rate")));
  };
  return (
    <Panel id="publish" title="Publish">
      <form class="stack" onSubmit={send}>
        <div class="row">
          <label>
            Channel{" "}
            <input
              name="channel"
              list="channel-names"
              placeholder={defaultChannel.value}
              size={14}
            />
          </label>
          <datalist id="channel-names">
            {channelNames.value.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
          <fieldset class="row">
            <legend class="hidden">Kind of message</legend>
            <label>
              <input type="radio" name="kind" value="text" defaultChecked /> Text
            </label>
            <label>
              <input type="radio" name="kind" value="json" /> JSON
            </label>
          </fieldset>
        </div>
        <label class="stack">
          Message
          <textarea name="text" rows={3} required defaultValue="Hello" />
        </label>
        <div class="row">
          <button class="primary" name="how" value="once">
            Publish
          </button>
          <label>
            <input name="rate" type="number" min={1} max={50} defaultValue="5" aria-label="Rate" />{" "}
            a second
          </label>
          {isRepeating.value ? (
            <button type="button" onClick={stopRepeating}>
              Stop
            </button>
          ) : (
            <button name="how" value="repeat">
              Start
            </button>
          )}
          <span class="muted">{answered.value} answered</span>
        </div>
      </form>
      {refusal.value !== undefined && (
        <p class="error" role="alert">
          {refusal.value}
        </p>
      )}
      <div role="status" aria-label="Delivery report">
        {outcome.value && <Report {...outcome.value} />}
      </div>
    </Panel>
  );
}

function Report({ id, channel, milliseconds, isFinal, ...counts }: Outcome) {
  const { delivered, gone, failed, pending } = counts;
  const all = delivered + gone + failed + pending;
  return (
    <>
      <p>
        <span class="channel">{channel}</span> <span class="id">{id}</span>{" "}
        <span class="latency">answered in {Math.round(milliseconds)} ms</span>{" "}
        <span class={isFinal ? "mark" : "mark late"}>{isFinal ? "final" : "on its way"}</span>
      </p>
      <progress aria-label="Done" max={Math.max(1, all)} value={all === 0 ? 1 : all - pending} />
      <dl class="counts">
        {Object.entries(counts).map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{count}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
