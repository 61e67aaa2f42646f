import { useStore } from "zustand";
import { parlor } from "../core/parlor";
import type { Quality } from "../core/types";

export function useConnectionQuality(): Quality {
  return useStore(parlor.call.quality);
}
