export function useOnlineStatus(): boolean {
  return true;
}
