import { useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import { parlor } from "../core/parlor";
import { HoldToSpeak, listenForShortcuts } from "../core/push-to-talk";

export interface HoldHook {
  isHeld: boolean;
  start(): void;
  stop(): void;
}

/** Hold the button, or space wherever no field needs it, to speak to the tutor. Inactive: nothing is held. */
export function useHoldToSpeak(active: boolean): HoldHook {
  const withKeys = useStore(parlor.settings, (state) => state.shortcutsEnabled);
  const [isHeld, setHeld] = useState(false);
  const hold = useMemo(
    () =>
      new HoldToSpeak({
        setMuted: (muted) => parlor.call.setMuted(muted),
        hold: (speaking) => parlor.call.tutor.hold(speaking),
        changed: setHeld,
      }),
    [],
  );
  useEffect(() => (active ? hold.stop : undefined), [active, hold]);
  useEffect(() => {
    if (!active || !withKeys) return;
    return listenForShortcuts({
      isMuted: () => parlor.call.store.getState().isMuted,
      setMuted: (muted) => (muted ? hold.stop() : hold.start()),
      toggleMute: () => {},
      held: () => {},
    });
  }, [active, withKeys, hold]);
  return { isHeld, start: hold.start, stop: hold.stop };
}
