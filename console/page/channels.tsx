import { useEffect } from "preact/hooks";
import { Connection } from "./connection.tsx";
import {
  choose,
  chosen,
  details,
  listChannels,
  notice,
  show,
  type Chosen,
  type Kept,
  type Present,
} from "./directory.ts";
import { Members } from "./members.tsx";
import { Panel } from "./panel.tsx";
import { channelNames } from "./state.ts";

/** The channels, and of one of them its subscribers, who they are and what it keeps. */
export function Channels() {
  useEffect(() => {
    void listChannels();
  }, []);
  return (
    <Panel
      id="channels"
      title="Channels"
      beside={<button onClick={() => void listChannels()}>Refresh</button>}
    >
      <p class="notice" role="status">
        {notice.value}
      </p>
      <div class="thirds">
        <div>
          <h3>All channels</h3>
          <ul class="list" aria-label="All channels">
            {channelNames.value.map((name) => (
              <li key={name}>
                <button
                  class="pick"
                  aria-pressed={chosen.value?.channel === name}
                  onClick={() => void choose(name)}
                >
                  {name}
                </button>
              </li>
            ))}
          </ul>
          {channelNames.value.length === 0 && (
            <p class="empty">None yet: it exists once somebody subscribes or publishes.</p>
          )}
        </div>
        {chosen.value && <Subscribers {...chosen.value} />}
        {chosen.value && <History {...chosen.value} />}
      </div>
    </Panel>
  );
}

function Subscribers({ channel, connections, hasMoreConnections, present }: Chosen) {
  return (
    <div>
      <h3>On {channel}</h3>
      <ul class="list" aria-label={`Connections on ${channel}`}>
        {connections.map(({ connectionId, protocol }) => (
          <li key={connectionId}>
            <button
              class="pick"
              aria-pressed={details.value?.connectionId === connectionId}
              onClick={() => void show(connectionId)}
            >
              <code>{connectionId}</code> <span class="kind">{protocol}</span>
            </button>
          </li>
        ))}
      </ul>
      {connections.length === 0 && <p class="empty">Nobody.</p>}
      {hasMoreConnections && <p class="muted">And more.</p>}
      {details.value && <Connection details={details.value} />}
      {present && <Presence channel={channel} present={present} />}
    </div>
  );
}

function Presence({ channel, present }: { channel: string; present: Present }) {
  const { connections, total, members, cursor } = present;
  return (
    <>
      <h3>Members on {channel}</h3>
      <dl class="details">
        <div>
          <dt>connections</dt>
          <dd>{connections}</dd>
        </div>
        {total !== undefined && (
          <div>
            <dt>total</dt>
            <dd>{total}</dd>
          </div>
        )}
      </dl>
      {members ? (
        <Members label={`Members on ${channel}`} members={members} />
      ) : (
        <p class="muted">Too many members: there are counts only.</p>
      )}
      {typeof cursor === "string" && <p class="muted">And more.</p>}
    </>
  );
}

function History({ channel, messages, hasMoreMessages }: Chosen) {
  return (
    <div>
      <h3>Kept on {channel}</h3>
      <ol class="lines history" aria-label={`Messages kept on ${channel}`} tabIndex={0}>
        {messages.map(({ id, data, time }: Kept) => (
          <li key={id}>
            <time>{time.slice(11, 23)}</time> <span class="id">{id}</span>{" "}
            <code>{typeof data === "string" ? data : JSON.stringify(data)}</code>
          </li>
        ))}
      </ol>
      {hasMoreMessages && <p class="muted">And more.</p>}
    </div>
  );
}
