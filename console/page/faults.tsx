import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { FaultsInfo } from "../api.ts";
import { Panel } from "./panel.tsx";
import { ask } from "./requests.ts";

/** The share of each kind, in percent, as in `{ "post:429": "10" }`. */
type Shares = Record<string, string>;

const faults = signal<FaultsInfo>({ kinds: [], chosen: [] });
const refusal = signal<string | undefined>(undefined);

const defaultShare = "10";

async function load(method: "GET" | "PUT", chosen?: string[]): Promise<void> {
  try {
    faults.value = await ask<FaultsInfo>("/api/faults", method, chosen && { chosen });
    refusal.value = undefined;
  } catch (error) {
    refusal.value = error instanceof Error ? error.message : String(error);
  }
}

/** What goes wrong on purpose, switched while the stack runs. */
export function Faults() {
  useEffect(() => {
    void load("GET");
  }, []);
  const { kinds, chosen } = faults.value;
  const shares = sharesOf(chosen);
  const set = (kind: string, share: string | undefined) => {
    const others = Object.entries(shares).filter(([name]) => name !== kind);
    const all = share === undefined ? others : [...others, [kind, share] as const];
    void load(
      "PUT",
      all.map(([name, percent]) => `${name}:${percent}%`),
    );
  };
  return (
    <Panel
      id="faults"
      title="Faults"
      beside={
        <span class="muted" role="status">
          {chosen.length === 0 ? "none" : chosen.join(", ")}
        </span>
      }
    >
      <ul class="faults">
        {kinds.map((kind) => (
          <Fault key={kind} kind={kind} share={shares[kind]} set={set} />
        ))}
      </ul>
      {refusal.value !== undefined && (
        <p class="error" role="alert">
          {refusal.value}
        </p>
      )}
    </Panel>
  );
}

function Fault(props: {
  kind: string;
  share: string | undefined;
  set: (kind: string, share: string | undefined) => void;
}) {
  const { kind, share, set } = props;
  return (
    <li>
      <label>
        <input
          type="checkbox"
          role="switch"
          checked={share !== undefined}
          onChange={({ currentTarget }) => {
            set(kind, currentTarget.checked ? defaultShare : undefined);
          }}
        />{" "}
        <code>{kind}</code>
      </label>
      <label>
        <input
          type="number"
          min={1}
          max={100}
          aria-label={`Percent of ${kind}`}
          value={share ?? defaultShare}
          disabled={share === undefined}
          onChange={({ currentTarget }) => {
            set(kind, currentTarget.value);
          }}
        />{" "}
        %
      </label>
    </li>
  );
}

function sharesOf(chosen: string[]): Shares {
  return Object.fromEntries(
    chosen.map((text) => {
      const at = text.lastIndexOf(":");
      return [text.slice(0, at), text.slice(at + 1).replace("%", "")];
    }),
  );
}
