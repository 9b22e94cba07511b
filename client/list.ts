import { deferred, type Deferred } from "./deferred.ts";

type Node<Item> = { item: Item; next: Deferred<Node<Item> | undefined> };

/** A list that grows at its end, and that anybody reads from there on. */
export function list<Item>() {
  const open = () => deferred<Node<Item> | undefined>();
  let last = open();
  return {
    push(item: Item) {
      const next = open();
      last.resolve({ item, next });
      last = next;
    },
    /** Whoever reads ends here. */
    end(error?: Error) {
      if (error) last.reject(error);
      else last.resolve(undefined);
    },
    read: async function* (): AsyncGenerator<Item, void, undefined> {
      let node: Node<Item> | undefined;
      for (let { promise } = last; (node = await promise); { promise } = node.next) {
        yield node.item;
      }
    },
  };
}
