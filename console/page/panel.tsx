import type { ComponentChildren } from "preact";

/** A part of the page, with its heading and what stands beside it. */
export function Panel(props: {
  id: string;
  title: string;
  beside?: ComponentChildren;
  children: ComponentChildren;
}) {
  const { id, title, beside, children } = props;
  return (
    <section id={id} class="panel" aria-labelledby={`${id}-title`} tabIndex={-1}>
      <div class="panel-head">
        <h2 id={`${id}-title`}>{title}</h2>
        {beside}
      </div>
      {children}
    </section>
  );
}
