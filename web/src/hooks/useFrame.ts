import { useEffect, useEffectEvent } from "react";

/** Calls back on every animation frame, with what the last render closed over. */
export function useFrame(callback: () => void): void {
  const latest = useEffectEvent(callback);
  useEffect(() => onFrame(() => latest()), []);
}

const callbacks = new Set<() => void>();
let handle = 0;

function run(): void {
  handle = requestAnimationFrame(run);
  for (const callback of [...callbacks]) callback();
}

/** Calls back on every animation frame, all from one loop that ends with its last callback. */
export function onFrame(callback: () => void): () => void {
  callbacks.add(callback);
  if (callbacks.size === 1) handle = requestAnimationFrame(run);
  return () => {
    callbacks.delete(callback);
    if (callbacks.size === 0) cancelAnimationFrame(handle);
  };
}
