import { expect, it, vi } from "vitest";
import { playRoomSound } from "./room-sounds";

const volumes = vi.hoisted(() => [] as number[]);
vi.mock("./audio-context", () => {
  const gain = {
    setValueAtTime: () => {},
    linearRampToValueAtTime: (volume: number) => volumes.push(volume),
    exponentialRampToValueAtTime: () => {},
  };
  const node = { gain, frequency: { value: 0 }, start: () => {}, stop: () => {}, addEventListener: () => {} };
  const connected = { ...node, connect: () => connected };
  const context = { currentTime: 0, createOscillator: () => connected, createGain: () => connected };
  return { audioContext: () => context, releaseAudioContext: () => {} };
});

it("makes one sound of a group, and is quieter while somebody speaks", () => {
  expect(playRoomSound("joined", false, 0)).toBe(true);
  expect(playRoomSound("joined", false, 1_500)).toBe(false);
  expect(playRoomSound("hand", true, 1_500)).toBe(true);
  expect(playRoomSound("joined", false, 2_500)).toBe(true);
  const [loud, , quiet] = volumes;
  expect(quiet).toBeLessThan((loud ?? 0) / 3);
  expect(volumes).toHaveLength(6);
});
