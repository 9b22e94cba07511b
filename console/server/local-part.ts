import type { Figure, ResourceGraph } from "../api.ts";
import type { StackEvents } from "./events.ts";

/** What a stack on this machine shows besides. */
export type LocalPart = {
  events: StackEvents;
  faults: {
    /** As in `post:429`. */
    kinds: readonly string[];
    chosen: () => string[];
    /** Throws a StartError that says what would be right. */
    choose: (texts: string[]) => void;
  };
  graph: () => ResourceGraph;
  /** The widgets of the program's dashboard, with what they show now. */
  figures: () => Figure[];
};
