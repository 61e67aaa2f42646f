import { useStore } from "zustand";
import { local } from "../core/storage";

/** Whether the browser stores what the page keeps, so that a reload finds it. */
export function useStorageIsKept(): boolean {
  return useStore(local.store, ({ isKept }) => isKept);
}
