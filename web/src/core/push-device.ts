import { account } from "./account";
import { PushDevice } from "./push";
import { local } from "./storage";

/** The service worker is registered some seconds after the first page was shown. */
const WORKER_WITHIN_MS = 15_000;

function registration(): Promise<ServiceWorkerRegistration> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error("no service worker")), WORKER_WITHIN_MS);
  });
  return Promise.race([navigator.serviceWorker.ready, late]);
}

/** Safari on iPhones and iPads tells the page whether it runs as an installed app. */
const isBrowserOfIos = "standalone" in navigator && navigator.standalone === false;

export const pushDevice = new PushDevice({
  api: account.api,
  storage: local,
  userId: () => account.session.store.getState().user?.id ?? null,
  registration,
  notifications: "Notification" in window ? Notification : undefined,
  hasPush: "serviceWorker" in navigator && "PushManager" in window,
  needsInstall: isBrowserOfIos,
});
