import { AuthSession, SESSION_KEY } from "./auth-session";
import { settings } from "./settings";
import { local } from "./storage";

/** The part of the core that every page needs: who is signed in, REST, and preferences. `parlor.ts` has the rest. */
function build() {
  const session = new AuthSession({
    fetch: (...args) => fetch(...args),
    storage: local,
    now: () => Date.now(),
    timeZone: () => Intl.DateTimeFormat().resolvedOptions().timeZone ?? null,
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
  local.onChange(SESSION_KEY, () => session.restore());
  void session.refresh();
  return { session, api: session.api, settings };
}

export const account = build();
