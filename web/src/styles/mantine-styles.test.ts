import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, it } from "vitest";

const ESM = resolve("node_modules/@mantine/core/esm");
const STYLES = resolve("node_modules/@mantine/core/styles");
const IMPORT = /import \{([^}]*)\} from "@mantine\/core"/g;

const read = (file: string) => readFileSync(file, "utf8");
const names = (list: string) =>
  list
    .split(",")
    .map((name) => name.trim().split(" as ")[0] ?? "")
    .filter((name) => /^[A-Z]/.test(name));

/** Component names that files below a folder import from Mantine. */
function imported(folder: string, ending: RegExp): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    ending.test(file),
  );
  return files.flatMap((file) =>
    [...read(join(folder, file)).matchAll(IMPORT)].flatMap(([, list]) => names(list ?? "")),
  );
}

/** The styles of a module of Mantine and of all that it imports, by the names of their files. */
function stylesOf(file: string, seen: Set<string>, found: Set<string>): void {
  if (seen.has(file) || !existsSync(file)) return;
  seen.add(file);
  const style = /\/(\w+)\.module\.mjs$/.exec(file)?.[1];
  if (style && existsSync(join(STYLES, `${style}.css`))) found.add(style);
  for (const [, path] of read(file).matchAll(/from "(\.[^"]+)"/g)) {
    if (path) stylesOf(resolve(dirname(file), path), seen, found);
  }
}

it("has the styles of every component of Mantine that is used, and of no others", () => {
  const modules = new Map<string, string>();
  for (const [, list, path] of read(join(ESM, "index.mjs")).matchAll(/import \{([^}]*)\} from "([^"]+)"/g)) {
    for (const name of names(list ?? "")) modules.set(name, resolve(ESM, path ?? ""));
  }
  const used = [
    ...imported("src", /\.tsx?$/),
    ...imported("node_modules/@mantine/modals/esm", /\.mjs$/),
    ...imported("node_modules/@mantine/notifications/esm", /\.mjs$/),
  ];
  const needed = new Set<string>();
  const seen = new Set<string>();
  for (const name of used) stylesOf(modules.get(name) ?? "", seen, needed);
  const listed = [...read("src/styles/mantine.css").matchAll(/styles\/([A-Z]\w+)\.css/g)].map(
    ([, name]) => name,
  );
  expect(needed.size).toBeGreaterThan(20);
  expect([...needed].sort()).toEqual(listed.sort());
});
