import type { PluginOption } from "vite";
import { VitePWA } from "vite-plugin-pwa";

/**
 * Manifest and service worker: installable, with the page's shell offline. The page asks before it reloads into a new
 * version (UpdatePrompt), never during a call. API responses are never cached.
 */
export function pwa(): PluginOption {
  return VitePWA({
    registerType: "prompt",
    // Registered from code, because the content security policy allows no inline script.
    injectRegister: false,
    includeAssets: ["icon.svg", "apple-touch-icon.png"],
    manifest: {
      name: "Parlor",
      short_name: "Parlor",
      description: "Voice rooms for people who practise a language.",
      id: "/",
      start_url: "/rooms",
      scope: "/",
      display: "standalone",
      lang: "en",
      theme_color: "#0f6a72",
      background_color: "#faf6ef",
      categories: ["education", "social"],
      icons: [
        { src: "/icon-192.png", sizes: "192x192", type: "image/png" },
        { src: "/icon-512.png", sizes: "512x512", type: "image/png" },
        { src: "/icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
        { src: "/icon.svg", sizes: "any", type: "image/svg+xml" },
      ],
    },
    workbox: {
      globPatterns: ["**/*.{js,css,html,woff2}"],
      importScripts: ["/push-worker.js"],
      navigateFallback: "/index.html",
      navigateFallbackDenylist: [/^\/api\//, /^\/socket\.io\//, /^\/(healthz|readyz|metrics)$/],
      // Few of the many flags are ever shown, so each is cached when it is fetched.
      runtimeCaching: [
        {
          urlPattern: ({ url, sameOrigin }) => sameOrigin && /^\/assets\/.*\.svg$/.test(url.pathname),
          handler: "CacheFirst",
          options: { cacheName: "flags", expiration: { maxEntries: 300 } },
        },
      ],
    },
  });
}
