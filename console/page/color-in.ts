/** Returns the colour that a variable of the style sheet comes to, as a canvas takes it. */
export function colorIn(place: HTMLElement, name: string): string {
  const before = place.style.color;
  place.style.color = `var(${name})`;
  const { color } = getComputedStyle(place);
  place.style.color = before;
  return color;
}
