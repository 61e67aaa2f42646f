import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CallHook } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import type { Ban } from "../../protocol";

/** The people who were removed from the room. `lifted` is the name of the last one who may come back. */
export function useBans(opened: boolean, call: CallHook) {
  const { t } = useTranslation();
  const [bans, setBans] = useState<Ban[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [lifted, setLifted] = useState<string | null>(null);
  const { request } = call;

  useEffect(() => {
    if (!opened) return;
    let isCurrent = true;
    setError(null);
    setLifted(null);
    request("get_bans", {}).then(
      (answer) => isCurrent && setBans(answer.bans),
      (reason: unknown) => isCurrent && setError(errorText(t, reason)),
    );
    return () => {
      isCurrent = false;
    };
  }, [opened, request, t]);

  const lift = async (banId: string, name: string) => {
    try {
      setBans((await request("lift_ban", { banId })).bans);
      setError(null);
      setLifted(name);
    } catch (reason) {
      setError(errorText(t, reason));
    }
  };
  return { bans, error, lift, lifted };
}
