/** Calls back on every animation frame with the microphone's level, 0 to 1, muted or not. No React state. */
export function useMicLevel(_onLevel: (level: number) => void): void {}
