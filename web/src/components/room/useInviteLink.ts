import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CallHook } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import type { Room } from "../../protocol";

/** The invite link. That of a private room contains a secret that only the host can get. */
export function useInviteLink(call: CallHook, room: Room) {
  const { t } = useTranslation();
  const [secret, setSecret] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [renewed, setRenewed] = useState(false);
  const isPrivate = room.type === "private";
  const { request, isHost } = call;

  useEffect(() => {
    if (!isPrivate || !isHost) return;
    let isCurrent = true;
    request("get_invite", {}).then(
      (invite) => isCurrent && setSecret(new URL(invite.path, window.location.origin).href),
      (reason: unknown) => isCurrent && setError(errorText(t, reason)),
    );
    return () => {
      isCurrent = false;
    };
  }, [isPrivate, isHost, request, t]);

  const renew = async () => {
    try {
      const invite = await request("renew_invite", {});
      setSecret(new URL(invite.path, window.location.origin).href);
      setError(null);
      setRenewed(true);
    } catch (reason) {
      setError(errorText(t, reason));
    }
  };
  const link = isPrivate ? (secret ?? "") : `${window.location.origin}/rooms/${room.id}`;
  return { link, error, renewed, renew };
}
