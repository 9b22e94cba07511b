import { ClientColumn } from "./client-column.tsx";
import { channelsIn, submitted } from "./fields.ts";
import { Panel } from "./panel.tsx";
import { addClient, clients, defaultChannel, stack } from "./state.ts";

/** The clients side by side, and what connects one more. */
export function Clients() {
  const connect = (event: SubmitEvent) => {
    const field = submitted(event);
    const isPlain = event.submitter?.getAttribute("value") === "plain";
    addClient({
      channels: channelsIn(field("channels")),
      protocol: isPlain ? "plain" : "channels.v1",
      member: field("member").trim() || undefined,
    });
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
          {stack.value?.auth === "none" && (
            <label>
              Member <input name="member" placeholder="nobody" size={8} />
            </label>
          )}
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
