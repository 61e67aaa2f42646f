import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { parlor } from "../core/parlor";
import { listenForShortcuts } from "../core/push-to-talk";

/** While mounted, and if the settings allow it, holding space talks and M toggles mute. `isHeld`: space is pressed. */
export function useCallShortcuts(): { isHeld: boolean } {
  const enabled = useStore(parlor.settings, (state) => state.shortcutsEnabled);
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (!enabled) return;
    return listenForShortcuts({
      isMuted: () => parlor.call.store.getState().isMuted,
      setMuted: (muted) => parlor.call.setMuted(muted),
      toggleMute: () => parlor.call.toggleMute(),
      held: setHeld,
    });
  }, [enabled]);
  return { isHeld };
}
