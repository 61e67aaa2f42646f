import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { pwa } from "./vite.pwa.ts";

const mocked = fileURLToPath(new URL("src/dev/hooks.ts", import.meta.url));
const real = fileURLToPath(new URL("src/hooks/index.ts", import.meta.url));

/** Builds the pages with mocked hooks (src/dev), to view every state and to run axe: see scripts/gallery.mjs. */
export default defineConfig({
  plugins: [mockHooks(), react(), pwa()],
  build: {
    outDir: "node_modules/.gallery",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});

function mockHooks(): Plugin {
  return {
    name: "mock-hooks",
    enforce: "pre",
    async resolveId(source, importer, options) {
      if (!importer || importer.includes("/src/dev/") || !source.endsWith("/hooks")) return null;
      const found = await this.resolve(source, importer, { ...options, skipSelf: true });
      return found?.id === real ? mocked : null;
    },
  };
}
