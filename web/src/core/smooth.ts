/** One frame of a meter's needle: quick up, slow down. */
export function smooth(shown: number, target: number): number {
  return shown + (target - shown) * (target > shown ? 0.5 : 0.12);
}
