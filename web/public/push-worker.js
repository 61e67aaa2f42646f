// Part of the service worker (vite.pwa.ts): shows the server's messages, and opens their page.

self.addEventListener("push", (event) => event.waitUntil(showMessage(event.data)));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openPage(event.notification.data?.path));
});

const ANSWER_WITHIN_MS = 500;

async function showMessage(data) {
  const message = readMessage(data);
  if (!message || (await isLookedAt())) return;
  await self.registration.showNotification(message.title, {
    body: message.body,
    lang: message.lang,
    tag: message.id,
    icon: "/icon-192.png",
    badge: "/icon-192.png",
    data: { path: message.path },
  });
}

function readMessage(data) {
  try {
    const message = data.json();
    return typeof message.title === "string" ? message : null;
  } catch {
    return null; // of another version of the server
  }
}

// A page that somebody looks at shows the notice itself. Safari wants a notification for every message, always.
async function isLookedAt() {
  const subscription = await self.registration.pushManager.getSubscription();
  if (subscription && new URL(subscription.endpoint).hostname.endsWith("push.apple.com")) return false;
  const windows = await self.clients.matchAll({ type: "window" });
  return windows.some((page) => page.focused && page.visibilityState === "visible");
}

async function openPage(path) {
  const url = new URL(typeof path === "string" ? path : "/notices", self.location.origin);
  if (url.origin !== self.location.origin) return;
  // A page that is open goes there by itself: a reload would end a call.
  for (const page of await self.clients.matchAll({ type: "window" })) {
    if (await goesTo(page, url.pathname + url.search)) {
      await page.focus();
      return;
    }
  }
  await self.clients.openWindow(url.href);
}

function goesTo(page, path) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(true);
    setTimeout(() => resolve(false), ANSWER_WITHIN_MS);
    page.postMessage({ type: "open", path }, [port2]);
  });
}
