import { useStore } from "zustand";
import type { Quality } from "../core/media-stats";
import { parlor } from "../core/parlor";

export function useConnectionQuality(): Quality {
  return useStore(parlor.call.quality);
}
