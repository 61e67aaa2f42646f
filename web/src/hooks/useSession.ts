import { useStore } from "zustand";
import { account } from "../core/account";
import type { SessionEnd, SessionStatus } from "../core/auth-session";
import type { GuestRequest, User, UserPatch } from "../protocol";

export interface SessionHook {
  status: SessionStatus;
  user: User | null;
  /** Why the session ended, unless the person signed out here. */
  end: SessionEnd | null;
  /** These reject with ApiError. */
  signIn(guest: GuestRequest): Promise<User>;
  signOut(): void;
  updateProfile(patch: UserPatch): Promise<User>;
  uploadAvatar(file: Blob): Promise<User>;
  removeAvatar(): Promise<User>;
}

const { session } = account;
const actions = {
  signIn: (guest: GuestRequest) => session.signIn(guest),
  signOut: () => session.signOut(),
  updateProfile: (patch: UserPatch) => session.updateProfile(patch),
  uploadAvatar: (file: Blob) => session.uploadAvatar(file),
  removeAvatar: () => session.removeAvatar(),
};

export function useSession(): SessionHook {
  const { status, user, end } = useStore(session.store);
  return { status, user, end, ...actions };
}
