/** Returns items in their order, `size` at a time. */
export function inGroups<Item>(items: Item[], size: number): Item[][] {
  const groups = Array.from({ length: Math.ceil(items.length / size) });
  return groups.map((_, index) => items.slice(index * size, (index + 1) * size));
}
