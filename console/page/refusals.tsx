import { refusals } from "./looks.ts";
import { Panel } from "./panel.tsx";

/** What IAM has refused: who wanted what, and why not. */
export function Refusals() {
  const list = refusals.value;
  return (
    <Panel id="refusals" title="Refused by IAM">
      <div role="log" aria-label="Refusals of IAM">
        <ul class="list">
          {list.map(({ key, caller, action, resource, why, times }) => (
            <li key={key} class="refusal">
              <strong>{action}</strong> <span class="mark late">{why}</span>
              {times > 1 && <span class="muted"> {times} times</span>}
              <dl class="details">
                <div>
                  <dt>Who</dt>
                  <dd>{caller}</dd>
                </div>
                <div>
                  <dt>On</dt>
                  <dd>{resource}</dd>
                </div>
              </dl>
            </li>
          ))}
        </ul>
      </div>
      {list.length === 0 && <p class="empty">Nothing: every role allows what its function does.</p>}
    </Panel>
  );
}
