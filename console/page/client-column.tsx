import type { Client } from "./client.ts";
import { submitted } from "./fields.ts";
import { FrameLine } from "./frame-line.tsx";
import { WatchedMembers } from "./members.tsx";
import { ScrollLog } from "./scroll-log.tsx";
import { removeClient } from "./state.ts";

/** One client: its channels, its frames, and what it can send. */
export function ClientColumn({ client }: { client: Client }) {
  const { number, protocol, member, state, channels, watched, frames } = client;
  const name = `Client ${number}`;
  const isOpen = state.value === "open";
  return (
    <article class="column" aria-label={`${name}, ${protocol}`}>
      <header class="column-head">
        <h3>
          {name} <span class="kind">{protocol}</span>{" "}
          {member !== undefined && <span class="kind">{member}</span>}
        </h3>
        <span class={`state ${state.value}`} role="status">
          {state.value}
        </span>
      </header>
      <ul class="chips" aria-label={`Channels of ${name}`}>
        {channels.value.map((channel) => (
          <li key={channel}>
            {channel}
            <button
              class="quiet"
              disabled={!isOpen}
              aria-label={`Unsubscribe ${name} from ${channel}`}
              onClick={() => {
                client.unsubscribe(channel);
              }}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      <Subscribe client={client} isOpen={isOpen} />
      {watched.value.map((one) => (
        <WatchedMembers key={one.channel} watched={one} by={name} />
      ))}
      <ScrollLog label={`Frames of ${name}`}>
        {frames.lines.value.map((line) => (
          <FrameLine key={line.key} line={line} />
        ))}
      </ScrollLog>
      <Send client={client} isOpen={isOpen} />
      <div class="row">
        {isOpen ? (
          <button onClick={client.disconnect}>Disconnect</button>
        ) : (
          <button disabled={state.value === "connecting"} onClick={client.reconnect}>
            Reconnect
          </button>
        )}
        <button onClick={frames.clear}>Clear</button>
        <button
          aria-label={`Remove ${name}`}
          onClick={() => {
            removeClient(client);
          }}
        >
          Remove
        </button>
      </div>
    </article>
  );
}

type Of = { client: Client; isOpen: boolean };

function Subscribe({ client, isOpen }: Of) {
  const subscribe = (event: SubmitEvent) => {
    const field = submitted(event);
    const since = field("since").trim();
    client.subscribe(field("channel").trim(), since || undefined, field("presence") === "on");
  };
  return (
    <form class="row subscribe" onSubmit={subscribe}>
      <input
        name="channel"
        required
        placeholder="channel"
        aria-label={`Channel for Client ${client.number}`}
        size={9}
      />
      <input
        name="since"
        placeholder="since id"
        aria-label={`Resume Client ${client.number} from the id`}
        size={8}
      />
      <label>
        <input
          type="checkbox"
          name="presence"
          aria-label={`Subscribe Client ${client.number} with presence`}
        />{" "}
        presence
      </label>
      <button disabled={!isOpen}>Subscribe</button>
    </form>
  );
}

function Send({ client, isOpen }: Of) {
  const send = (event: SubmitEvent) => {
    const field = submitted(event);
    client.send(field("frame"));
    (event.currentTarget as HTMLFormElement).reset();
  };
  return (
    <form class="row" onSubmit={send}>
      <input
        class="grow"
        name="frame"
        required
        placeholder='{"action":"ping"}'
        aria-label={`Frame of Client ${client.number}`}
      />
      <button disabled={!isOpen}>Send</button>
    </form>
  );
}
