import { playKnock } from "../core/knock-sound";

/** Plays the sound of a knock. */
export function useKnockSound(): () => void {
  return playKnock;
}
