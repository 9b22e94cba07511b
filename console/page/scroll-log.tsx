import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** Pixels from its end within which a log follows what comes. */
const nearEnd = 40;

/** A list that follows its end, until its reader scrolls away from it. */
export function ScrollLog(props: { label: string; children: ComponentChildren }) {
  const list = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useLayoutEffect(() => {
    if (follows.current && list.current) list.current.scrollTop = list.current.scrollHeight;
  });
  return (
    <div
      ref={list}
      class="lines"
      role="log"
      aria-live="polite"
      aria-label={props.label}
      tabIndex={0}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        follows.current = scrollHeight - scrollTop - clientHeight < nearEnd;
      }}
    >
      <ol>{props.children}</ol>
    </div>
  );
}
