import { closeConnection, sendTo } from "./directory.ts";
import { submitted } from "./fields.ts";

/** One connection: what the stack knows of it, and what sends to it or closes it. */
export function Connection({ details }: { details: Record<string, unknown> }) {
  const id = String(details.connectionId);
  const send = (event: SubmitEvent) => {
    const field = submitted(event);
    void sendTo(id, field("text"));
    (event.currentTarget as HTMLFormElement).reset();
  };
  return (
    <div class="card" role="group" aria-label={`Connection ${id}`}>
      <dl class="details">
        {Object.entries(details).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{Array.isArray(value) ? value.join(", ") : String(value)}</dd>
          </div>
        ))}
      </dl>
      <form class="row" onSubmit={send}>
        <input
          class="grow"
          name="text"
          required
          placeholder="only for you"
          aria-label="Text to it"
        />
        <button>Send to it</button>
        <button type="button" class="danger" onClick={() => void closeConnection(id)}>
          Close it
        </button>
      </form>
    </div>
  );
}
