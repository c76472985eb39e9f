import { createRoot } from "react-dom/client";
import { App } from "./app";
import { keptTheme, wear } from "./theme";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/queue.css";
import "./styles/case.css";

wear(keptTheme());
createRoot(document.getElementById("root")!).render(<App />);
