import type { PluginOption } from "vite";
import { VitePWA } from "vite-plugin-pwa";

/**
 * Installable, with the shell of the page offline. The page asks before it reloads into a new version
 * (UpdatePrompt), never in a call. What the server says is never cached.
 */
export function pwa(): PluginOption {
  return VitePWA({
    registerType: "prompt",
    // Registered from code: the content security policy allows no inline script.
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
      navigateFallback: "/index.html",
      navigateFallbackDenylist: [/^\/api\//, /^\/socket\.io\//, /^\/(healthz|readyz|metrics)$/],
      // Flags: a few of many are ever seen, so they are kept as they come.
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
