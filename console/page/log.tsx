import { signal } from "@preact/signals";
import { logs } from "./looks.ts";
import { Panel } from "./panel.tsx";
import { ScrollLog } from "./scroll-log.tsx";
import { stack } from "./state.ts";

const wanted = signal("");

/** The functions' log lines as they come. */
export function Log() {
  const text = wanted.value.toLowerCase();
  const shown = logs.value.filter(({ functionName, line }) =>
    `${functionName} ${line}`.toLowerCase().includes(text),
  );
  return (
    <Panel
      id="log"
      title="Functions' log"
      beside={
        <label>
          Only with{" "}
          <input
            size={14}
            placeholder="text"
            onInput={({ currentTarget }) => {
              wanted.value = currentTarget.value;
            }}
          />
        </label>
      }
    >
      <ScrollLog label="Log lines of the functions">
        {shown.map(({ key, functionName, line }) => (
          <li key={key}>
            <span class="channel">{shortName(functionName)}</span> <code>{line}</code>
          </li>
        ))}
      </ScrollLog>
    </Panel>
  );
}

/** A function is named after project and stack. */
function shortName(functionName: string): string {
  const [, name = functionName] = functionName.split(`-${stack.value?.name ?? ""}-`);
  return name.replace(/-local$/, "");
}
