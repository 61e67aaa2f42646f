/**
 * Opens every state of every page with mocked hooks, runs axe on each and saves a screenshot.
 *
 *   node scripts/gallery.mjs [--out DIR] [--only PART,PART] [--widths 360,740,1280] [--schemes light,dark] [--lng vi]
 *
 * Fails if axe reports anything, a page scrolls horizontally, or the console has an error.
 */
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";
import puppeteer from "puppeteer-core";
import { build, preview } from "vite";

const root = path.resolve(import.meta.dirname, "..");
const configFile = path.join(root, "vite.gallery.ts");
const { values: options } = parseArgs({
  options: {
    out: { type: "string" },
    only: { type: "string", default: "" },
    widths: { type: "string", default: "360,1280" },
    schemes: { type: "string", default: "light,dark" },
    lng: { type: "string", default: "en" },
    chromium: { type: "string", default: process.env.CHROMIUM ?? "/usr/bin/chromium" },
  },
});
const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--no-first-run",
];
const HEIGHTS = { 360: 740, 740: 360, 768: 1024, 1280: 800 };
const COLOURS = ["#c2553d", "#2f6f8f", "#8a6bb0", "#4f8a3c", "#c08a1e", "#b0567d"];

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
if (options.out) await mkdir(options.out, { recursive: true });
await build({ root, configFile, logLevel: "error" });
const server = await preview({
  root,
  configFile,
  logLevel: "error",
  preview: { host: "127.0.0.1", port: 0 },
});
const origin = `http://127.0.0.1:${server.httpServer.address().port}`;
const browser = await puppeteer.launch({ executablePath: options.chromium, args: FLAGS });
let faults = 0;
try {
  const scenarios = await readScenarios();
  for (const width of options.widths.split(",").map(Number)) {
    for (const scheme of options.schemes.split(",")) {
      for (const scenario of scenarios) faults += await look(scenario, width, scheme);
    }
  }
  process.stdout.write(`${scenarios.length} states looked at, ${faults} faults\n`);
} finally {
  await browser.close();
  await new Promise((done) => server.httpServer.close(done));
}
process.exit(faults === 0 ? 0 : 1);

/** The scenarios' names, paths and clicks, from the page itself. */
async function readScenarios() {
  const page = await browser.newPage();
  await page.goto(origin, { waitUntil: "domcontentloaded" });
  await page.waitForFunction("window.__scenarios");
  const all = await page.evaluate(() =>
    Object.entries(window.__scenarios).map(([name, { path, click }]) => ({ name, path, click })),
  );
  await page.close();
  const wanted = options.only.split(",");
  return all.filter(({ name }) => wanted.some((part) => name.includes(part)));
}

async function look(scenario, width, scheme) {
  const { name } = scenario;
  const page = await browser.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  await serveAvatars(page);
  await page.setViewport({
    width,
    height: HEIGHTS[width] ?? 800,
    isMobile: width < 760,
    hasTouch: width < 760,
  });
  await page.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: scheme },
    { name: "prefers-reduced-motion", value: "reduce" },
  ]);
  const separator = scenario.path.includes("?") ? "&" : "?";
  const query = `scenario=${name}&lng=${options.lng}`;
  await page.goto(`${origin}${scenario.path}${separator}${query}`, { waitUntil: "networkidle0" });
  await page.waitForSelector("h1, [role=status]");
  for (const target of scenario.click ?? []) {
    await press(page, target).catch((error) => problems.push(`cannot press ${target}: ${error.message}`));
  }
  await page.evaluate(() => document.fonts.ready);
  await settle(page);
  problems.push(...(await check(page)));
  if (options.out) {
    const file = path.join(options.out, `${name}-${width}-${scheme}.png`);
    await page.screenshot({ path: file, fullPage: !/^(room|talk)-/.test(name) });
  }
  await page.close();
  for (const problem of problems) process.stdout.write(`${name} ${width} ${scheme}: ${problem}\n`);
  return problems.length;
}

/** Presses the element with this text or label. Texts are English, so only with --lng en. */
async function press(page, target) {
  if (options.lng !== "en") return;
  const [kind, value] = [target.slice(0, target.indexOf("=")), target.slice(target.indexOf("=") + 1)];
  const selectors = { text: `::-p-text(${value})`, aria: `::-p-aria(${value})`, css: value };
  await page.locator(selectors[kind]).setTimeout(15_000).click();
  await settle(page);
}

async function settle(page) {
  await page.evaluate(async () => {
    await new Promise((done) => setTimeout(done, 60));
    await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined)));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  });
}

async function check(page) {
  await page.evaluate(axe);
  return page.evaluate(async (tags) => {
    const { violations } = await window.axe.run(document, { runOnly: tags });
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(
        (node) => `axe ${id}: ${node.target.join(" ")} ${node.any[0]?.message ?? node.failureSummary ?? ""}`,
      ),
    );
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`scrolls sideways: ${scrollWidth} > ${clientWidth}`);
    return found;
  }, AXE_TAGS);
}

/** Draws an avatar for each seed, in place of the server. */
async function serveAvatars(page) {
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    const seed = /\/api\/avatars\/g\/(.+)\.svg/.exec(request.url())?.[1];
    if (!seed) return void request.continue();
    const sum = [...seed].reduce((total, letter) => total * 31 + letter.charCodeAt(0), 7);
    const ground = COLOURS[sum % COLOURS.length];
    void request.respond({
      contentType: "image/svg+xml",
      body: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="${ground}"/><circle cx="32" cy="27" r="14" fill="#f1c7a3"/><path d="M10 64a22 22 0 0 1 44 0z" fill="#fff8"/><circle cx="27" cy="27" r="2"/><circle cx="37" cy="27" r="2"/><path d="M27 33q5 4 10 0" fill="none" stroke="#000" stroke-width="2"/></svg>`,
    });
  });
}
