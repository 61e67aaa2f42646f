import { readFileSync } from "node:fs";
import { beforeEach, expect, it, vi } from "vitest";

const code = readFileSync("public/push-worker.js", "utf8");

interface Page {
  focused: boolean;
  visibilityState: DocumentVisibilityState;
  focus: () => void;
  postMessage: (message: unknown, ports: MessagePort[]) => void;
}

/** The service worker's global scope, with the pages that are open. */
class Worker {
  pages: Page[] = [];
  endpoint: string | null = "https://fcm.googleapis.com/1";
  readonly showNotification = vi.fn(async () => {});
  readonly openWindow = vi.fn(async () => {});
  private readonly handlers = new Map<string, (event: unknown) => void>();

  constructor() {
    const self = {
      addEventListener: (name: string, handler: (event: unknown) => void) => this.handlers.set(name, handler),
      location: { origin: "https://rooms.example.org" },
      registration: {
        showNotification: this.showNotification,
        pushManager: { getSubscription: async () => this.endpoint && { endpoint: this.endpoint } },
      },
      clients: { matchAll: async () => this.pages, openWindow: this.openWindow },
    };
    new Function("self", code)(self);
  }

  async dispatch(name: string, event: object): Promise<void> {
    let work: Promise<void> | undefined;
    this.handlers.get(name)?.({ ...event, waitUntil: (given: Promise<void>) => (work = given) });
    await work;
  }

  push = (data: unknown) => this.dispatch("push", { data: { json: () => JSON.parse(data as string) } });
  click = (path: unknown) =>
    this.dispatch("notificationclick", { notification: { close: () => {}, data: { path } } });
}

const MESSAGE = JSON.stringify({
  id: "n1",
  lang: "vi",
  title: "Tea",
  body: "19:00",
  path: "/schedule/e1?at=o1",
});

function page(options: { focused?: boolean; answers?: boolean } = {}) {
  return {
    focused: options.focused ?? false,
    visibilityState: "visible" as const,
    focus: vi.fn<() => void>(),
    postMessage: (_message: unknown, [port]: MessagePort[]) => {
      if (options.answers) port?.postMessage("opened");
    },
  };
}

let worker: Worker;
beforeEach(() => {
  worker = new Worker();
});

it("shows what the server sends", async () => {
  await worker.push(MESSAGE);
  expect(worker.showNotification).toHaveBeenCalledWith(
    "Tea",
    expect.objectContaining({ body: "19:00", lang: "vi", tag: "n1", data: { path: "/schedule/e1?at=o1" } }),
  );
});

it("leaves it to a page that somebody looks at, except where every message must be shown", async () => {
  worker.pages = [page({ focused: true })];
  await worker.push(MESSAGE);
  expect(worker.showNotification).not.toHaveBeenCalled();
  worker.endpoint = "https://web.push.apple.com/1";
  await worker.push(MESSAGE);
  expect(worker.showNotification).toHaveBeenCalledOnce();
});

it("ignores what it cannot read", async () => {
  for (const data of ["", "{", "{}", "null", '{"title": 1}']) await worker.push(data);
  expect(worker.showNotification).not.toHaveBeenCalled();
});

it("asks an open page to go there, and opens one if none answers", async () => {
  const open = page({ answers: true });
  worker.pages = [page(), open];
  await worker.click("/schedule/e1?at=o1");
  expect(open.focus).toHaveBeenCalledOnce();
  expect(worker.openWindow).not.toHaveBeenCalled();
  worker.pages = [page()];
  await worker.click("/schedule/e1?at=o1");
  expect(worker.openWindow).toHaveBeenCalledWith("https://rooms.example.org/schedule/e1?at=o1");
});

it("opens no other site", async () => {
  for (const path of ["https://evil.example/", "//evil.example/"]) await worker.click(path);
  expect(worker.openWindow).not.toHaveBeenCalled();
  await worker.click(undefined);
  expect(worker.openWindow).toHaveBeenCalledWith("https://rooms.example.org/notices");
});
