/** Gathers items and hands them on, `size` at a time: what waits in it never grows past that. */
export class Batch<Item> {
  readonly #size: number;
  readonly #handOn: (items: Item[]) => Promise<void>;
  #items: Item[] = [];
  /** Items that were ever added. */
  count = 0;

  constructor(size: number, handOn: (items: Item[]) => Promise<void>) {
    this.#size = size;
    this.#handOn = handOn;
  }

  async add(item: Item): Promise<void> {
    this.count += 1;
    this.#items.push(item);
    if (this.#items.length >= this.#size) await this.flush();
  }

  /** Hands on what is left. */
  async flush(): Promise<void> {
    const items = this.#items;
    this.#items = [];
    if (items.length > 0) await this.#handOn(items);
  }
}
