// Checks src against the browsers of package.json ("browserslist"), with MDN's compatibility data: globals, their
// members, constructors, and methods whose name only newer browsers have. What the code tests for first is in TESTED.
import { readdirSync, readFileSync } from "node:fs";
import bcd from "@mdn/browser-compat-data" with { type: "json" };
import { parseAst } from "vite";
import packageJson from "../package.json" with { type: "json" };

/** Used only where the browser has it. */
const TESTED = new Set([
  "navigator.connection", // reconnector: one of three signs of another network
  "navigator.share", // InviteModal
  "navigator.wakeLock", // useWakeLock
  "window.requestIdleCallback", // lazy-load: a timer where it is missing
]);
const OBJECTS = {
  navigator: "Navigator",
  document: "Document",
  window: "Window",
  screen: "Screen",
  crypto: "Crypto",
  performance: "Performance",
  location: "Location",
  history: "History",
};
const NAMES = { ios_saf: "safari_ios" };
const targets = packageJson.browserslist.map((line) => {
  const [name, version] = line.split(" >= ");
  return { name: NAMES[name] ?? name, version: Number(version) };
});
const { api } = bcd;
const { builtins } = bcd.javascript;

const isSupported = (compat) => targets.every(({ name, version }) => since(compat, name) <= version);

function since(compat, name) {
  const statement = [compat.support[name] ?? []]
    .flat()
    .find((one) => !one.flags && !one.prefix && !one.alternative_name);
  const added = statement?.version_removed ? undefined : statement?.version_added;
  return typeof added === "string" ? Number.parseFloat(added.replace("≤", "")) : Number.POSITIVE_INFINITY;
}

const compatOf = (name) => (api[name] ?? builtins[name])?.__compat;

function memberOf(object, property) {
  const owner = OBJECTS[object] ? api[OBJECTS[object]] : (api[object] ?? builtins[object]);
  return (owner?.[`${property}_static`] ?? owner?.[property])?.__compat;
}

/** Names of the language's methods that no supported browser has on anything, such as `union`. */
const GROWING = [
  "Array",
  "ArrayBuffer",
  "Iterator",
  "Map",
  "Promise",
  "RegExp",
  "Set",
  "String",
  "TypedArray",
];
const methods = (owners) =>
  owners
    .flatMap((owner) => Object.entries(owner))
    .filter(([name, { __compat }]) => __compat && !name.endsWith("_static"));
const newer = new Set(methods(GROWING.map((name) => builtins[name])).map(([name]) => name));
for (const [name, { __compat }] of methods([...Object.values(api), ...Object.values(builtins)]))
  if (isSupported(__compat)) newer.delete(name);

/** The features that the node uses, as [text, compatibility]. */
function used(node, parent) {
  if (node.type === "MemberExpression" && !node.computed) {
    const { object, property } = node;
    if (object.type === "Identifier") {
      const compat = memberOf(object.name, property.name);
      if (compat) return [`${object.name}.${property.name}`, compat];
    }
    const isCall = parent?.type === "CallExpression" && parent.callee === node && !node.optional;
    if (isCall && newer.has(property.name)) return [`.${property.name}()`, null];
  }
  if (node.type === "NewExpression" && node.callee.type === "Identifier") {
    const compat = compatOf(node.callee.name);
    if (compat) return [`new ${node.callee.name}`, compat];
  }
  return null;
}

function* walk(node, parent = null) {
  if (typeof node?.type === "string") yield [node, parent];
  const next = typeof node?.type === "string" ? node : parent;
  for (const child of Object.values(node))
    if (typeof child === "object" && child !== null) yield* walk(child, next);
}

function problemsIn(name, code) {
  const problems = [];
  const lang = name.endsWith("x") ? "tsx" : "ts";
  for (const [node, parent] of walk(parseAst(code, { lang }))) {
    const [text, compat] = used(node, parent) ?? [];
    if (text === undefined || TESTED.has(text) || (compat && isSupported(compat))) continue;
    problems.push({ line: code.slice(0, node.start).split("\n").length, text });
  }
  return problems;
}

const src = new URL("../src/", import.meta.url);
const files = readdirSync(src, { recursive: true }).filter(
  (name) => /\.tsx?$/.test(name) && !/\.test\.|^(dev|test)\//.test(name),
);
const lines = files.flatMap((name) =>
  problemsIn(name, readFileSync(new URL(name, src), "utf8")).map(
    ({ line, text }) => `src/${name}:${line}: ${text}`,
  ),
);
for (const line of lines) process.stderr.write(`${line} is not in every browser of package.json\n`);
process.exitCode = lines.length > 0 ? 1 : 0;
