import { useMutation, useQuery } from "@tanstack/react-query";
import { account } from "../core/account";
import type { ApiError } from "../core/api-error";
import { createPasskey } from "../core/passkeys";
import type { Locale } from "../core/settings";
import type { Account, DeviceCode, ExportAddress, PasskeyOptions, RecoveryCodes } from "../protocol";
import { forgetAtSignOut } from "./own-data";
import { queryClient } from "./query-client";

const KEY = "account";
const { api, session } = account;

forgetAtSignOut(KEY);

/** One's ways to sign in, and the devices on which one is signed in. */
export function useAccount() {
  return useQuery<Account, ApiError>(
    { queryKey: [KEY], queryFn: ({ signal }) => api.get("/account", { signal }), staleTime: 0 },
    queryClient,
  );
}

/** They reject with ApiError; `addPasskey` with a DOMException too. */
export interface AccountActions {
  /** False if the person cancelled. */
  addPasskey(): Promise<boolean>;
  /** Asks for an e-mail with a link that adds the address. */
  addMail(address: string, language: Locale): Promise<void>;
  removeSignIn(id: string): Promise<void>;
  endSession(id: string): Promise<void>;
  endOtherSessions(): Promise<void>;
  makeRecoveryCodes(): Promise<string[]>;
  makeDeviceCode(): Promise<DeviceCode>;
  /** The path of a file with all data, which can be loaded once. */
  prepareExport(): Promise<string>;
  /** Deletes the profile, and signs out. */
  deleteAll(): Promise<void>;
}

async function addPasskey(): Promise<boolean> {
  const { options } = await api.post<PasskeyOptions>("/account/passkeys/options");
  const credential = await createPasskey(options);
  if (credential === null) return false;
  await api.post("/account/passkeys", { credential });
  return true;
}

async function deleteAll(): Promise<void> {
  await api.delete("/account");
  session.deleted();
}

export function useAccountActions(): AccountActions {
  const { mutateAsync } = useMutation<unknown, ApiError, () => Promise<unknown>>(
    {
      mutationFn: (work) => work(),
      onSuccess: () => queryClient.invalidateQueries({ queryKey: [KEY] }),
    },
    queryClient,
  );
  const change = async (work: () => Promise<unknown>) => {
    await mutateAsync(work);
  };
  return {
    addPasskey: async () => (await mutateAsync(addPasskey)) as boolean,
    addMail: (address, language) => change(() => api.post("/account/email", { address, language })),
    removeSignIn: (id) => change(() => api.delete(`/account/sign-ins/${id}`)),
    endSession: (id) => change(() => api.delete(`/account/sessions/${id}`)),
    endOtherSessions: () => change(() => api.delete("/account/sessions")),
    makeRecoveryCodes: async () => {
      const made = await mutateAsync(() => api.post<RecoveryCodes>("/account/recovery-codes"));
      return (made as RecoveryCodes).codes;
    },
    makeDeviceCode: () => api.post<DeviceCode>("/account/device-code"),
    prepareExport: async () => (await api.post<ExportAddress>("/account/export")).path,
    deleteAll,
  };
}
