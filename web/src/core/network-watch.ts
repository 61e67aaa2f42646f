/** Calls back when the way to the server may be another one: online again, another network, a page woken up. */
export function watchNetwork(changed: () => void): () => void {
  const connection = (navigator as Navigator & { connection?: EventTarget }).connection;
  const woken = () => document.visibilityState === "visible" && changed();
  window.addEventListener("online", changed);
  connection?.addEventListener("change", changed);
  document.addEventListener("visibilitychange", woken);
  return () => {
    window.removeEventListener("online", changed);
    connection?.removeEventListener("change", changed);
    document.removeEventListener("visibilitychange", woken);
  };
}
