import { useQuery } from "@tanstack/react-query";
import { account } from "../core/account";
import type { ApiError } from "../core/api-error";
import { askPasskey, type PasskeyProblem, passkeyProblem } from "../core/passkeys";
import { newBinding } from "../core/provider-answer";
import type { Locale } from "../core/settings";
import type { Account, PasskeyOptions, ProviderAddress, ProviderAnswer, SignInMethods } from "../protocol";
import { queryClient } from "./query-client";

const { api, session } = account;

/** A guest who was signed in before, and whose history can be brought along. */
export interface GuestBefore {
  name: string;
  token: string;
}

/** `guest` is null if nobody was, or somebody with an account of their own. */
export interface SignedIn {
  guest: GuestBefore | null;
}

export function useSignInMethods() {
  const { data } = useQuery<SignInMethods, ApiError>(
    { queryKey: ["sign-in-methods"], queryFn: ({ signal }) => api.get("/auth/methods", { signal }) },
    queryClient,
  );
  return data;
}

/** Why passkeys cannot be used here; undefined until it is known. */
export function usePasskeyProblem(): { problem: PasskeyProblem | null; host: string | null } | undefined {
  const methods = useSignInMethods();
  if (!methods) return undefined;
  const { hostname } = window.location;
  const isSupported = "PublicKeyCredential" in window;
  const page = { hostname, isSecure: window.isSecureContext, isSupported };
  return { problem: passkeyProblem(methods.passkeyHost, page), host: methods.passkeyHost };
}

async function signIn(path: string, body: unknown, options = {}): Promise<SignedIn> {
  const before = await session.signInAgain(path, body, options);
  if (!before) return { guest: null };
  // With the token of before: the one that is held now is another's.
  const { isGuest } = await api.get<Account>("/account", { token: before.token });
  return { guest: isGuest ? before : null };
}

/** They reject with ApiError. */
export interface SignInActions {
  /** Null if the person cancelled. */
  byPasskey(): Promise<SignedIn | null>;
  byCode(code: string): Promise<SignedIn>;
  /** Asks for an e-mail with a link. The answer does not tell whether the address opens a profile. */
  askMail(address: string, language: Locale): Promise<void>;
  /** Of an e-mail's link, which may add the address to the present profile. */
  byMail(token: string): Promise<SignedIn>;
  /** Leaves the page. `adds`: to add the provider's profile to the present one. */
  toProvider(options: { adds: boolean }): Promise<void>;
  byProvider(answer: ProviderAnswer): Promise<SignedIn>;
  bringAlong(guest: GuestBefore, language: Locale): Promise<void>;
  leaveBehind(guest: GuestBefore): Promise<void>;
}

const ACTIONS: SignInActions = {
  byPasskey: async () => {
    const { options } = await api.post<PasskeyOptions>("/auth/passkey/options", undefined, { token: null });
    const credential = await askPasskey(options);
    return credential === null ? null : signIn("/auth/passkey", { credential });
  },
  byCode: (code) => signIn("/auth/code", { code }),
  askMail: (address, language) => api.post("/auth/email", { address, language }, { token: null }),
  byMail: (token) => signIn("/auth/email/finish", { token }, { asBefore: true }),
  toProvider: async ({ adds }) => {
    const body = { binding: newBinding() };
    const options = adds ? {} : { token: null };
    const { url } = await api.post<ProviderAddress>("/auth/provider/start", body, options);
    window.location.assign(url);
  },
  byProvider: (answer) => signIn("/auth/provider/finish", answer, { asBefore: true }),
  bringAlong: async ({ token }, language) => {
    await api.post("/account/merge", { token });
    // Loaded here: the room page has this file too.
    const { pushDevice } = await import("../core/push-device");
    void pushDevice.carryOver(language).catch(() => {}); // the next visit tries again
    await queryClient.resetQueries();
  },
  leaveBehind: ({ token }) => api.post("/auth/sign-out", undefined, { token }),
};

export function useSignIn(): SignInActions {
  return ACTIONS;
}
