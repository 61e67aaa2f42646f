import type { SessionStatus } from "../core/types";
import type { GuestRequest, User, UserPatch } from "../protocol";

export interface SessionHook {
  status: SessionStatus;
  user: User | null;
  signIn(guest: GuestRequest): Promise<User>;
  signOut(): void;
  updateProfile(patch: UserPatch): Promise<User>;
  uploadAvatar(file: Blob): Promise<User>;
  removeAvatar(): Promise<User>;
}

const notYet = () => Promise.reject(new Error("not there yet"));

export function useSession(): SessionHook {
  return {
    status: "signed-out",
    user: null,
    signIn: notYet,
    signOut: () => {},
    updateProfile: notYet,
    uploadAvatar: notYet,
    removeAvatar: notYet,
  };
}
