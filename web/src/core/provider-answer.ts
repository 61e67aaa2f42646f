import type { ProviderAnswer } from "../protocol";
import { type KeyValueStorage, perTab } from "./storage";

const KEY = "parlor.provider";

/** A secret of this tab for one visit to the provider: an answer that somebody else began is not accepted here. */
export function newBinding(storage: KeyValueStorage = perTab): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  const binding = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  storage.setItem(KEY, binding);
  return binding;
}

/** The provider's answer in the address, with the secret of the tab that asked; null if there is none. */
export function takeAnswer(search: string, storage: KeyValueStorage = perTab): ProviderAnswer | null {
  const query = new URLSearchParams(search);
  const code = query.get("code");
  const state = query.get("state");
  const binding = storage.getItem(KEY);
  if (!code || !state || !binding) return null;
  storage.removeItem(KEY);
  return { code, state, binding };
}
