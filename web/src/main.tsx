import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/global.css";
import "./styles/forced-colors.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { settings } from "./core/settings";
import { browserLocale, speak } from "./i18n";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
// The texts are loaded first, so that the page does not change its language after it is shown.
await speak(settings.getState().locale ?? browserLocale());
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
