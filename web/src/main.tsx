import "./styles/mantine.css";
import "./styles/global.css";
import "./styles/forced-colors.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { loadLayoutPart } from "./components/layout/layout-parts";
import { account } from "./core/account";
import { afterLoad, loadPage } from "./core/lazy-load";
import { settings } from "./core/settings";
import { browserLocale, speak } from "./i18n";
import { firstPage } from "./router";

/**
 * No `await` at the top of this module: chunks that it waits for may import it. Until the texts and the page are there the
 * picture in index.html stays, so that nothing is shown twice or in another language.
 */
async function start(root: HTMLElement): Promise<void> {
  const texts = loadPage(() => speak(settings.getState().locale ?? browserLocale()));
  await Promise.all([texts, firstPage(), window.parlorStyles]);
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
  // It registers the service worker, which fetches all other code: not while the page itself is being fetched.
  await afterLoad();
  await loadLayoutPart("updatePrompt").catch(() => {}); // the page works without it
  watchForNews();
}

/** Warnings and notices, which only people who are signed in have. */
function watchForNews(): void {
  const { store } = account.session;
  const load = () => {
    if (store.getState().status !== "signed-in") return;
    unsubscribe();
    loadLayoutPart("warnings").catch(() => {}); // the server refuses to let them in unread
    loadLayoutPart("notices").catch(() => {}); // the page of notices works without it
  };
  const unsubscribe = store.subscribe(load);
  load();
}

// The messages to this device end with the session, also if nobody has looked at them in this page yet.
account.session.ended.on(() => {
  import("./core/push-device").then(({ pushDevice }) => pushDevice.forget()).catch(() => {}); // the server has ended them
});

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
start(root).catch((error: unknown) => {
  // Shows the note in index.html.
  document.documentElement.dataset.failed = "";
  throw error;
});
