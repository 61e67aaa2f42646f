import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { parlor } from "../core/parlor";
import { listenForShortcuts } from "../core/push-to-talk";

/** Holding space talks, M toggles mute, while mounted and while the settings allow it. `isHeld`: space is down. */
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
