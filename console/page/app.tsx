import { Chart } from "./chart.tsx";
import { Channels } from "./channels.tsx";
import { Clients } from "./clients.tsx";
import { Faults } from "./faults.tsx";
import { Figures } from "./figures.tsx";
import { Graph } from "./graph.tsx";
import { Log } from "./log.tsx";
import { Publish } from "./publish.tsx";
import { Refusals } from "./refusals.tsx";
import { failure, stack } from "./state.ts";

export function App() {
  const info = stack.value;
  return (
    <>
      <a class="skip" href="#clients">
        Skip to the clients
      </a>
      <header class="top">
        <h1>
          <img src="/icon.svg" alt="" width="28" height="28" /> Console
        </h1>
        {info && (
          <dl class="facts">
            <Fact name="Stack" value={info.name} />
            <Fact name="Auth" value={info.auth} />
            <Fact name="WebSocket" value={info.websocketUrl} />
            <Fact name="HTTP" value={info.httpUrl} />
          </dl>
        )}
      </header>
      <main>
        {failure.value !== undefined && <p role="alert">{failure.value}</p>}
        {info && (
          <>
            <Clients />
            <Publish />
            <Chart />
            <Channels />
            {info.isLocal && (
              <>
                <Graph />
                <Figures />
                <Faults />
                <Refusals />
                <Log />
              </>
            )}
          </>
        )}
      </main>
    </>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
