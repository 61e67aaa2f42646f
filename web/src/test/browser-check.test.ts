import { expect, it } from "vitest";
import html from "../../index.html?raw";
import { browserslist } from "../../package.json";

const script = /<script>([\s\S]*?)<\/script>/.exec(html)?.[1] ?? "";

it("the check of the browser is written in ES5, which old browsers can run", () => {
  expect(script).toContain("RTCPeerConnection");
  expect(script).not.toMatch(/=>|`|\b(?:const|let|class|async)\b/);
});

it("names the versions for which the page is built, in both languages", () => {
  const version = (name: string) => browserslist.find((line) => line.startsWith(name))?.split(" >= ")[1];
  const [english, vietnamese] = [/old: "This[^"]+/, /old: "Trình[^"]+/].map((text) => text.exec(script)?.[0]);
  for (const text of [english, vietnamese]) {
    for (const name of ["chrome", "edge", "firefox", "safari", "ios_saf"])
      expect(text).toContain(version(name));
  }
});
