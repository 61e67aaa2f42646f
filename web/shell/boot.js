// Inlined into index.html by vite.shell.ts, which replaces `CHUNKS`. Runs before anything is shown: sets the colours
// and the language of the first picture, and requests the code of this page without waiting for the router.
(() => {
  const root = document.documentElement;
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage is turned off
    }
  };
  const scheme = read("mantine-color-scheme-value");
  const isDark =
    scheme === "dark" || (scheme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.mantineColorScheme = isDark ? "dark" : "light";

  const chosen = /"locale":"(\w+)"/.exec(read("parlor.settings") ?? "")?.[1];
  const tags = chosen ? [chosen] : navigator.languages;
  root.lang = tags.map((tag) => tag.split("-")[0].toLowerCase()).find((tag) => tag in CHUNKS.locales) ?? "en";

  // A script that cannot be fetched, or one that it imports.
  const failed = ({ target }) => {
    if (target instanceof HTMLScriptElement) root.dataset.failed = "";
  };
  addEventListener("error", failed, true);
  addEventListener("click", (event) => {
    if (!event.target.closest(".shell-failed a")) return;
    event.preventDefault();
    location.reload();
  });

  const add = (file, rel, as) => {
    const link = Object.assign(document.createElement("link"), { rel, as, crossOrigin: "", href: file });
    return new Promise((resolve, reject) => {
      link.onload = resolve;
      link.onerror = () => reject(new Error(`cannot load ${file}`));
      document.head.append(link);
    });
  };
  for (const file of CHUNKS.fonts[root.lang]) add(file, "preload", "font").catch(() => {});
  // Not in the document itself, because the picture would wait for them. main.tsx waits instead.
  window.parlorStyles = Promise.all(CHUNKS.styles.map((file) => add(file, "stylesheet", "")));

  const path = location.pathname;
  if (path === "/") root.dataset.landing = "";
  const page = CHUNKS.pages.find(([pattern]) => new RegExp(pattern).test(path));
  for (const file of [...(CHUNKS.locales[root.lang] ?? []), ...(page?.[1] ?? [])]) {
    // One that fails is requested again by the code that needs it.
    add(file, ...(file.endsWith(".css") ? ["preload", "style"] : ["modulepreload", "script"])).catch(
      () => {},
    );
  }
})();
