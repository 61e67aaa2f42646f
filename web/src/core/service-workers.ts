/**
 * The service workers of the page. Undefined where the browser has none, and where it throws as soon as they are touched,
 * because the person blocks site data.
 */
export function serviceWorkers(): ServiceWorkerContainer | undefined {
  try {
    return navigator.serviceWorker;
  } catch {
    return undefined;
  }
}

/**
 * Calls back with the path of each notification that was clicked: the service worker (`public/push-worker.js`) asks an
 * open page to go there. Ends with the returned function.
 */
export function onOpenedNotification(goTo: (path: string) => void): () => void {
  const workers = serviceWorkers();
  const open = ({ data, ports }: MessageEvent) => {
    if (data?.type !== "open" || typeof data.path !== "string" || !/^\/(?!\/)/.test(data.path)) return;
    ports[0]?.postMessage("opened");
    goTo(data.path);
  };
  workers?.addEventListener("message", open);
  return () => workers?.removeEventListener("message", open);
}
