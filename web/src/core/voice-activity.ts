/** Tuned so that speech triggers the hint "you are muted", and a cough or a keystroke does not. */
const LOUD_DBFS = -42;
const ATTACK_MS = 400;
const RELEASE_MS = 2_500;

export interface VoiceActivity {
  isTalking: boolean;
  /** ms of loud sound; decreases during silence at half the speed. */
  loudMs: number;
  lastLoudAt: number;
  at: number;
}

export const SILENT: VoiceActivity = {
  isTalking: false,
  loudMs: 0,
  lastLoudAt: Number.NEGATIVE_INFINITY,
  at: 0,
};

export function detectVoice(state: VoiceActivity, level: number, now: number): VoiceActivity {
  const elapsed = state.at === 0 ? 0 : Math.min(250, now - state.at);
  const loud = level >= LOUD_DBFS;
  const loudMs = loud ? Math.min(ATTACK_MS, state.loudMs + elapsed) : Math.max(0, state.loudMs - elapsed / 2);
  const lastLoudAt = loud ? now : state.lastLoudAt;
  const isTalking = state.isTalking ? now - lastLoudAt < RELEASE_MS : loudMs >= ATTACK_MS;
  return { isTalking, loudMs, lastLoudAt, at: now };
}
