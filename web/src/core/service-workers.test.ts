import { afterEach, expect, it, vi } from "vitest";
import { onOpenedNotification, serviceWorkers } from "./service-workers";

function withServiceWorker(get: () => EventTarget | undefined): void {
  Object.defineProperty(navigator, "serviceWorker", { get, configurable: true });
}

afterEach(() => {
  Reflect.deleteProperty(navigator, "serviceWorker");
});

it("does without service workers where the person blocks site data", () => {
  withServiceWorker(() => {
    throw new DOMException("Access is denied for this document.", "SecurityError");
  });
  expect(serviceWorkers()).toBeUndefined();
  expect(() => onOpenedNotification(() => {})()).not.toThrow();
});

it("goes to the page of a clicked notification, and says so to the service worker", () => {
  const worker = new EventTarget();
  withServiceWorker(() => worker);
  const paths: string[] = [];
  const port = { postMessage: vi.fn() };
  const end = onOpenedNotification((path) => paths.push(path));
  const click = (path: unknown) =>
    worker.dispatchEvent(
      Object.assign(new Event("message"), { data: { type: "open", path }, ports: [port] }),
    );

  click("/rooms/r1");
  click("//elsewhere.example");
  click(undefined);
  expect(paths).toEqual(["/rooms/r1"]);
  expect(port.postMessage).toHaveBeenCalledExactlyOnceWith("opened");

  end();
  click("/rooms/r2");
  expect(paths).toEqual(["/rooms/r1"]);
});
