import { useStore } from "zustand";
import { account } from "../core/account";
import type { SessionEnd, SessionStatus } from "../core/auth-session";
import type { BanNotice, GuestRequest, User, UserPatch } from "../protocol";

export interface SessionHook {
  status: SessionStatus;
  user: User | null;
  /** Why the session ended, unless the person signed out here. */
  end: SessionEnd | null;
  /** The server keeps this profile or this browser out. */
  ban: BanNotice | null;
  /** Asks the server again, for example whether a ban still holds. Never rejects. */
  refresh(): Promise<void>;
  /** These reject with ApiError. */
  signIn(guest: GuestRequest): Promise<User>;
  signOut(): void;
  acceptRules(): Promise<User>;
  updateProfile(patch: UserPatch): Promise<User>;
  uploadAvatar(file: Blob): Promise<User>;
  removeAvatar(): Promise<User>;
}

const { session } = account;
const actions = {
  signIn: (guest: GuestRequest) => session.signIn(guest),
  signOut: () => session.signOut(),
  refresh: () => session.refresh(),
  acceptRules: () => session.acceptRules(),
  updateProfile: (patch: UserPatch) => session.updateProfile(patch),
  uploadAvatar: (file: Blob) => session.uploadAvatar(file),
  removeAvatar: () => session.removeAvatar(),
};

export function useSession(): SessionHook {
  const { status, user, end, ban } = useStore(session.store);
  return { status, user, end, ban, ...actions };
}
