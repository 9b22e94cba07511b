import { render } from "preact";
import { App } from "./app.tsx";
import { loadStack } from "./state.ts";

const root = document.getElementById("root");
if (root !== null) render(<App />, root);
void loadStack();
