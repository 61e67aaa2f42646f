// Drives one browser for tests/net/remote_browser.py: one JSON command per line on stdin, one JSON answer per line on stdout.
// Started inside the network namespace, so that the browser and its debugging port are there too.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const web = createRequire(new URL('../../web/package.json', import.meta.url));
const puppeteer = (await import(pathToFileURL(web.resolve('puppeteer-core')).href)).default;

let browser;
let page;
const log = [];

function watch(target) {
  target.on('console', (message) => log.push(`${message.type()}: ${message.text()}`));
  target.on('pageerror', (error) => log.push(`error: ${error.message}`));
}

const commands = {
  async launch({ options, script }) {
    browser = await puppeteer.launch(options);
    page = await browser.newPage();
    watch(page);
    if (script) await page.evaluateOnNewDocument(script);
  },
  goto: ({ url }) => page.goto(url, { waitUntil: 'load' }).then(() => null),
  evaluate: ({ script }) => page.evaluate(script),
  click: ({ selector, timeout }) => page.locator(selector).setTimeout(timeout).click(),
  fill: ({ selector, text, timeout }) => page.locator(selector).setTimeout(timeout).fill(text),
  press: ({ key }) => page.keyboard.press(key),
  wait: ({ selector, timeout }) => page.waitForSelector(selector, { timeout }).then(() => null),
  screenshot: ({ path }) => page.screenshot({ path }).then(() => null),
  version: () => browser.version(),
  log: () => log,
  close: () => browser?.close(),
};

// The page's text, added to the error of a failed command. A page that hangs is not waited for.
async function pageState() {
  const text = page?.evaluate(() => document.body?.innerText ?? '').catch((error) => error.message);
  const shown = await Promise.race([text, sleep(2000, 'nothing: the page does not answer')]);
  return `${page?.url()} shows ${JSON.stringify(shown?.slice(0, 600))}, its console ${JSON.stringify(log.slice(-5))}`;
}

async function answer(line) {
  const { id, command, ...rest } = JSON.parse(line);
  try {
    return { id, result: (await commands[command](rest)) ?? null };
  } catch (error) {
    return { id, error: `${error?.message ?? error}; ${await pageState()}` };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(line))}\n`);
}
await browser?.close();
process.exit(0);
