import { audioContext, releaseAudioContext } from "./audio-context";

/** Seconds from the start, and Hz: two taps on wood. */
const TAPS = [
  { at: 0, frequency: 320 },
  { at: 0.16, frequency: 260 },
] as const;
const TAP_S = 0.12;
const VOLUME = 0.25;

/** Plays two short taps: somebody is at the door. */
export function playKnock(): void {
  const user = {};
  const context = audioContext(user);
  const last = TAPS.map(({ at, frequency }) => tap(context, context.currentTime + at, frequency)).at(-1);
  last?.addEventListener("ended", () => releaseAudioContext(user));
}

function tap(context: AudioContext, at: number, frequency: number): OscillatorNode {
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.type = "triangle";
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(VOLUME, at + 0.005);
  gain.gain.exponentialRampToValueAtTime(0.001, at + TAP_S);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + TAP_S);
  return oscillator;
}
