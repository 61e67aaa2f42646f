import { readFileSync } from "node:fs";
import type { Plugin, Rolldown } from "vite";

/** Pages whose code index.html requests at once, by a pattern of their path. The first match counts. */
const PAGES = [
  ["^/$", "LandingPage"],
  ["^/rooms/?$", "RoomsPage"],
  ["^/rooms/new/?$", "CreateRoomPage"],
  ["^/rooms/[^/]+/?$", "RoomPage"],
] as const;
const LOCALES = ["en", "vi"] as const;

type Bundle = Rolldown.OutputBundle;
type Chunk = Rolldown.OutputChunk & { viteMetadata?: { importedCss: Set<string> } };

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

/**
 * Puts a first picture of the page into index.html (shell/), so that something is shown before the code arrives. The
 * stylesheets are added by a script, because those in the document would hold back the picture.
 */
export function shell(): Plugin {
  return {
    name: "shell",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle }) {
        if (!bundle) return html;
        const links = [...html.matchAll(/\s*<link rel="stylesheet"[^>]* href="([^"]+)">/g)];
        const bare = links.reduce((text, [link]) => text.replace(link, ""), html);
        const styles = links.map(([, href]) => href);
        const fonts = fontFiles(bundle);
        const chunks = JSON.stringify({
          styles,
          fonts,
          locales: localeFiles(bundle),
          pages: pageFiles(bundle),
        });
        const boot = withoutComments(read("shell/boot.js")).replaceAll("CHUNKS", "chunks");
        const script = `<script>{const chunks=${chunks};${boot}}</script>`;
        return bare
          .replace("<title>", () => `${script}<title>`)
          .replace('<div id="root"></div>', () => `<div id="root">${picture()}</div>`);
      },
    },
  };
}

/** The words of the first picture in every language. */
function picture(): string {
  const texts = Object.fromEntries(
    LOCALES.map((locale) => [locale, JSON.parse(read(`src/i18n/${locale}.json`))]),
  );
  const text = (locale: string, key: string): string =>
    key.split(".").reduce((found, part) => found[part], texts[locale]);
  return read("shell/shell.html")
    .replace(/<!-- each language -->(.*?)<!-- end -->/gs, (_, part: string) =>
      LOCALES.map((locale) =>
        part
          .replaceAll("LANG", locale)
          .replace(/\{\{([\w.]+)\}\}/g, (__, key: string) => escaped(text(locale, key))),
      ).join(""),
    )
    .replace(/\s*\n\s*/g, "");
}

function localeFiles(bundle: Bundle): Record<string, string[]> {
  return Object.fromEntries(LOCALES.map((locale) => [locale, filesOf(bundle, `/src/i18n/${locale}.json`)]));
}

/** The fonts of each language. Every page uses all weights, and words that change their font move what is beside them. */
function fontFiles(bundle: Bundle): Record<string, string[]> {
  const named = (start: string) =>
    Object.keys(bundle)
      .filter((file) => file.startsWith(`assets/${start}-`) && file.endsWith(".woff2"))
      .map((file) => `/${file}`);
  const latin = named("latin").filter((file) => !file.includes("latin-ext"));
  return { en: latin, vi: [...latin, ...named("vietnamese")] };
}

function pageFiles(bundle: Bundle): [string, string[]][] {
  return PAGES.map(([pattern, name]) => [pattern, filesOf(bundle, `/src/pages/${name}.tsx`)]);
}

/** The chunk of a module and all that it imports, without what index.html requests anyway. */
function filesOf(bundle: Bundle, module: string): string[] {
  const chunks = Object.values(bundle).filter((file) => file.type === "chunk") as Chunk[];
  const entry = chunks.find((chunk) => chunk.isEntry);
  const chunk = chunks.find((one) => one.facadeModuleId?.endsWith(module));
  if (!entry || !chunk) return [];
  const known = closure(bundle, entry);
  return [...closure(bundle, chunk)].filter((file) => !known.has(file)).map((file) => `/${file}`);
}

function closure(bundle: Bundle, chunk: Chunk, found = new Set<string>()): Set<string> {
  if (found.has(chunk.fileName)) return found;
  found.add(chunk.fileName);
  for (const style of chunk.viteMetadata?.importedCss ?? []) found.add(style);
  for (const name of chunk.imports) {
    const imported = bundle[name];
    if (imported?.type === "chunk") closure(bundle, imported, found);
  }
  return found;
}

function withoutComments(code: string): string {
  return code.replace(/^\s*\/\/.*$/gm, "").replace(/\n\s*/g, "\n");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
