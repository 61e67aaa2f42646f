import { useMutation, useQuery } from "@tanstack/react-query";
import { useStore } from "zustand";
import { account } from "../core/account";
import type { ApiError } from "../core/api-error";
import type { PushState } from "../core/push";
import { pushDevice } from "../core/push-device";
import type { Locale } from "../core/settings";
import type { NoticeSettings, NoticeSettingsChange } from "../protocol";
import { forgetAtSignOut } from "./own-data";
import { queryClient } from "./query-client";

const KEY = ["notice-settings"];

forgetAtSignOut(...KEY);

export interface NoticeSettingsHook {
  /** Undefined until it is known. */
  settings: NoticeSettings | undefined;
  /** Messages to this device. */
  push: PushState;
  isBusy: boolean;
  /** These reject with ApiError, and with what browsers throw when they cannot subscribe. */
  change(wanted: NoticeSettingsChange): Promise<void>;
  /** Call it from a click. False if the person does not permit it. */
  turnOn(language: Locale): Promise<boolean>;
  turnOff(): Promise<void>;
}

/** The settings of notices while no page is open. */
export function useNoticeSettings(): NoticeSettingsHook {
  const push = useStore(pushDevice.store, ({ state }) => state);
  const { data: settings } = useQuery<NoticeSettings, ApiError>(
    {
      queryKey: KEY,
      queryFn: ({ signal }) => account.api.get("/notices/settings", { signal }),
      staleTime: 0,
    },
    queryClient,
  );
  const { mutateAsync, isPending } = useMutation<unknown, Error, () => Promise<unknown>>(
    {
      mutationFn: (work) => work(),
      onSettled: () => queryClient.invalidateQueries({ queryKey: KEY }),
    },
    queryClient,
  );
  return {
    settings,
    push,
    isBusy: isPending,
    change: async (wanted) => {
      await mutateAsync(async () => {
        queryClient.setQueryData(KEY, await account.api.patch<NoticeSettings>("/notices/settings", wanted));
      });
    },
    turnOn: async (language) => {
      const key = settings?.pushKey;
      return key ? ((await mutateAsync(() => pushDevice.turnOn(key, language))) as boolean) : false;
    },
    turnOff: async () => {
      await mutateAsync(() => pushDevice.turnOff());
    },
  };
}
