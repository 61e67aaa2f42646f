import { useTranslation } from "react-i18next";
import { useRoomTutor } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import { notify } from "../common/notify";

/** Invites and removes the tutor. Refusals are shown as toasts. */
export function useTutorInvite(roomId: string) {
  const { t } = useTranslation();
  const { invite, dismiss } = useRoomTutor(roomId);
  const refused = (error: unknown) => notify(errorText(t, error), "red");
  return {
    invite: () => void invite.mutateAsync(undefined).catch(refused),
    dismiss: () => void dismiss.mutateAsync().catch(refused),
  };
}
