import type { ListedMember } from "./directory.ts";
import type { Member, Watched } from "./watches.ts";

/** Who is on a channel: each with its `info`, and with the number of its connections where that is told. */
export function Members(props: { label: string; members: (Member | ListedMember)[] }) {
  if (props.members.length === 0) return <p class="empty">No members.</p>;
  return (
    <ul class="list" aria-label={props.label} tabIndex={0}>
      {props.members.map((one) => (
        <li key={one.member}>
          {one.member}{" "}
          {"connections" in one && <span class="kind">{connectionsOf(one.connections)}</span>}{" "}
          {one.info !== undefined && <code>{JSON.stringify(one.info)}</code>}
        </li>
      ))}
    </ul>
  );
}

function connectionsOf(count: number): string {
  return count === 1 ? "1 connection" : `${count} connections`;
}

/** Who is on a channel, as a client is told that watches it. */
export function WatchedMembers({ watched, by }: { watched: Watched; by: string }) {
  const { channel, members, state, refusal } = watched;
  const words = refusal === undefined ? wordsOf[state] : "refused";
  return (
    <div>
      <h4>
        Members on {channel} <span class="kind">{words ?? members.length}</span>
      </h4>
      {refusal !== undefined && (
        <p class="error" role="alert">
          {refusal}
        </p>
      )}
      {members.length > 0 && (
        <Members label={`Members on ${channel}, as told to ${by}`} members={members} />
      )}
    </div>
  );
}

const wordsOf = { listing: "being listed", limited: "too many", listed: undefined };
