import type { LevelInfo } from "../protocol";

export function useLevels(): { levels: LevelInfo[] } {
  return { levels: [] };
}
