import { account } from "./account";
import { PushDevice } from "./push";
import { serviceWorkers } from "./service-workers";
import { local } from "./storage";

/** The service worker is registered some seconds after the first page was shown. */
const WORKER_WITHIN_MS = 15_000;

async function registration(): Promise<ServiceWorkerRegistration> {
  const workers = serviceWorkers();
  if (!workers) throw new Error("no service worker");
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error("no service worker")), WORKER_WITHIN_MS);
  });
  return Promise.race([workers.ready, late]);
}

/** Safari on iPhones and iPads tells the page whether it runs as an installed app. */
const isBrowserOfIos = "standalone" in navigator && navigator.standalone === false;

export const pushDevice = new PushDevice({
  api: account.api,
  storage: local,
  userId: () => account.session.store.getState().user?.id ?? null,
  registration,
  notifications: "Notification" in window ? Notification : undefined,
  hasPush: serviceWorkers() !== undefined && "PushManager" in window,
  needsInstall: isBrowserOfIos,
});
