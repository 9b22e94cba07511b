import { ClientColumn } from "./client-column.tsx";
import { channelsIn, submitted } from "./fields.ts";
import { Panel } from "./panel.tsx";
import { addClient, clients, defaultChannel } from "./state.ts";

/** The clients side by side, and what connects one more. */
export function Clients() {
  const connect = (event: SubmitEvent) => {
    const field = submitted(event);
    const isPlain = event.submitter?.getAttribute("value") === "plain";
    addClient(isPlain ? "plain" : "channels.v1", channelsIn(field("channels")));
  };
  return (
    <Panel
      id="clients"
      title="Clients"
      beside={
        <form class="row" onSubmit={connect}>
          <label>
            Channels <input name="channels" placeholder={defaultChannel.value} size={14} />
          </label>
          <button class="primary" name="kind" value="channels.v1">
            Connect channels.v1
          </button>
          <button name="kind" value="plain">
            Connect plain
          </button>
        </form>
      }
    >
      {clients.value.length === 0 ? (
        <p class="empty">
          Nobody is connected. A channels.v1 client gets JSON with ids and times, a plain one text.
        </p>
      ) : (
        <div class="columns">
          {clients.value.map((client) => (
            <ClientColumn key={client.number} client={client} />
          ))}
        </div>
      )}
    </Panel>
  );
}
