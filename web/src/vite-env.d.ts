/// <reference types="vite/client" />
/// <reference types="vite-plugin-pwa/react" />

interface Window {
  /** Set by shell/boot.js: resolves when the stylesheets are there. */
  parlorStyles?: Promise<unknown>;
}
