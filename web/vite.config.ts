import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import packageJson from "./package.json" with { type: "json" };
import { pwa } from "./vite.pwa.ts";
import { shell } from "./vite.shell.ts";

const server = process.env.PARLOR_DEV_SERVER ?? "http://127.0.0.1:8080";

/** The browsers of package.json as the names that the bundler knows: "ios_saf >= 16.4" is "ios16.4". */
const browserTargets = () =>
  packageJson.browserslist.map((line) => line.replace("_saf", "").replace(" >= ", ""));

export default defineConfig({
  plugins: [react(), pwa(), shell()],
  build: {
    outDir: "dist",
    target: browserTargets(),
    // The CSP allows neither inline scripts nor data: URLs for code.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // A request costs a round trip and its headers, so what every page needs is one chunk, not one for each file.
        codeSplitting: {
          groups: [
            { name: "base", tags: ["$initial"], test: /\.[cm]?[jt]sx?$/, priority: 2 },
            {
              name: "common",
              test: /\/(PageLayout|UpdatePrompt|useOnlineCount|form-errors|GuestFields)\.tsx?$|\/Icon(MicrophoneOff|ArrowLeft|School|AdjustmentsHorizontal)\.mjs$/,
              priority: 1,
            },
            // Forms: of the landing page, and of a room only for people who have not signed in.
            { name: "forms", test: /\/(GuestForm|useGuestForm)\.tsx?$/ },
            {
              name: "data",
              test: /\/hooks\/(useLoadTrouble|own-data)\.ts$|\/react-query\/build\/modern\/use\w+\.js$/,
            },
            { name: "overlays", test: /@mantine\/modals\/|\/(SideDrawer|OpenMenu|Popover)\.(tsx|mjs)$/ },
            {
              name: "entrance",
              test: /\/(LeaveGuard|LeaveOnNavigation|SignInGate|ActionBar|LevelMeter)\.tsx$|\/(names|speech)\.ts$|\/(IconMicrophone|IconVolume|IconPlayerPlay)\.mjs$/,
            },
            // For people who are signed in, some seconds after the first page.
            {
              name: "news",
              test: /\/(LiveNotices|WarningGate)\.tsx$|\/(push|push-device|useMailLanguage)\.ts$/,
            },
            { name: "core", test: /\/core\/parlor\.ts$/ },
            // Code that the pages around a room share, and a room does not need.
            {
              name: "pages",
              test: /\/hooks\/use(Schedule|Account|SignIn|Moderation|Courses|Notices)\.ts$/,
              minShareCount: 2,
            },
            // Of the pages with the tutor, and of a room with it.
            {
              name: "tutor",
              test: /\/components\/tutor\/(DialogueBubble|Feedback|Correction|MendWords|WordDiff|Helplines|TutorAvatar|TutorOptions)\.tsx$/,
              minShareCount: 2,
            },
            {
              name: "shared",
              test: /\/src\/(hooks|i18n|components\/(tutor|settings|prejoin|rooms))\//,
              minShareCount: 2,
            },
          ],
        },
      },
    },
  },
  server: {
    host: "127.0.0.1",
    port: 5173,
    proxy: {
      "/api": { target: server },
      "/socket.io": { target: server, ws: true },
      "/ws/class": { target: server, ws: true },
      "/session": { target: server, ws: true },
    },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["./src/test/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    // A form takes seconds in jsdom on a busy machine; the default of 5 s is too near.
    testTimeout: 20_000,
    unstubGlobals: true,
  },
});
