import { useEffect, useState } from "react";
import { account } from "../core/account";
import type { OnlineCount } from "../protocol";

const EVERY_MS = 20_000;

/** Number of people online, by polling: the lobby requires a sign-in and much more code. 0 until it is known. */
export function useOnlineCount(): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const ended = new AbortController();
    const ask = () => {
      if (document.visibilityState === "hidden") return;
      account.api.get<OnlineCount>("/online", { signal: ended.signal, token: null }).then(
        (online) => setCount(online.count),
        () => {}, // the last count stays, and the next poll asks again
      );
    };
    ask();
    const timer = setInterval(ask, EVERY_MS);
    return () => {
      ended.abort();
      clearInterval(timer);
    };
  }, []);
  return count;
}
