import { audioContext, releaseAudioContext } from "./audio-context";

export type RoomSound = "joined" | "left" | "hand" | "turn_over";

/** Hz of two short tones: up for somebody who comes, down for somebody who goes, equal for a hand, low for a turn that is over. */
const TONES: Record<RoomSound, readonly [number, number]> = {
  joined: [523, 659],
  left: [659, 523],
  hand: [784, 784],
  turn_over: [440, 440],
};
const STEP_S = 0.11;
const VOLUME = 0.1;
/** While somebody speaks: to be noticed, not to drown a word. */
const QUIET = 0.025;
/** A group that comes together makes one sound. */
const PAUSE_MS = 2_000;

const playedAt = new Map<RoomSound, number>();

/** Whether the sound was played: the same one is not repeated within two seconds. */
export function playRoomSound(sound: RoomSound, somebodySpeaks: boolean, now: number): boolean {
  if (now - (playedAt.get(sound) ?? Number.NEGATIVE_INFINITY) < PAUSE_MS) return false;
  playedAt.set(sound, now);
  const user = {};
  const context = audioContext(user);
  const volume = somebodySpeaks ? QUIET : VOLUME;
  const [first, last] = TONES[sound];
  tone(context, context.currentTime, first, volume);
  const end = tone(context, context.currentTime + STEP_S, last, volume);
  end.addEventListener("ended", () => releaseAudioContext(user));
  return true;
}

function tone(context: AudioContext, at: number, frequency: number, volume: number): OscillatorNode {
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(volume, at + 0.01);
  gain.gain.exponentialRampToValueAtTime(0.001, at + STEP_S + 0.05);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + STEP_S + 0.05);
  return oscillator;
}
