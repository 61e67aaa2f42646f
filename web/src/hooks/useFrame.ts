import { useEffect, useEffectEvent } from "react";

/** Calls back on every animation frame, with the values of the last render. */
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

/** Calls back on every animation frame. All callbacks share one loop, which ends with the last of them. */
export function onFrame(callback: () => void): () => void {
  callbacks.add(callback);
  if (callbacks.size === 1) handle = requestAnimationFrame(run);
  return () => {
    callbacks.delete(callback);
    if (callbacks.size === 0) cancelAnimationFrame(handle);
  };
}
