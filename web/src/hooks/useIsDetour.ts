import { useStore } from "zustand";
import { parlor } from "../core/parlor";

/** WebSockets stay silent on this network, so the connection uses HTTP requests. */
export function useIsDetour(): boolean {
  return useStore(parlor.route.store, ({ isDetour }) => isDetour);
}
