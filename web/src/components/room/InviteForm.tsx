import { Button, Text, TextInput } from "@mantine/core";
import { IconCheck, IconCopy, IconRefresh, IconShare } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { loadedLater, withRetries } from "../../core/lazy-load";
import type { CallHook } from "../../hooks";
import { speakOf } from "../../i18n";
import type { Room } from "../../protocol";
import { FormError } from "../common/form-errors";
import { LazyPart } from "../common/LazyPart";
import { useCopy } from "../common/useCopy";
import classes from "./InviteForm.module.css";
import { useInviteLink } from "./useInviteLink";

const inviteFriends = loadedLater(async () => {
  const [{ InviteFriends }] = await Promise.all([
    import("../people/InviteFriends"),
    withRetries(() => speakOf("people")),
  ]);
  return InviteFriends;
});

interface Props {
  call: CallHook;
  room: Room;
}

/** The room's link, to copy or share, and friends to invite. The host of a private room renews the link here. */
export function InviteForm({ call, room }: Props) {
  const { t } = useTranslation();
  const isPrivate = room.type === "private";
  const { link, error, renewed, renew } = useInviteLink(call, room);
  const field = useRef<HTMLInputElement>(null);
  const { outcome, copy } = useCopy(field);
  const canShare = typeof navigator.share === "function";
  const isHidden = isPrivate && !call.isHost;
  return (
    <div className={classes.body}>
      <Text>{t(isHidden ? "invite.hostOnly" : isPrivate ? "invite.privateText" : "invite.publicText")}</Text>
      {error && <FormError>{error}</FormError>}
      {!isHidden && (
        <>
          <TextInput
            label={t("invite.link")}
            value={link}
            readOnly
            ref={field}
            data-autofocus
            onFocus={(event) => event.currentTarget.select()}
          />
          <div className={classes.buttons}>
            <Button
              disabled={!link}
              leftSection={
                outcome === "copied" ? (
                  <IconCheck size={20} aria-hidden="true" />
                ) : (
                  <IconCopy size={20} aria-hidden="true" />
                )
              }
              onClick={() => void copy(link)}
            >
              <span aria-live="polite">{t(outcome === "copied" ? "invite.copied" : "invite.copy")}</span>
            </Button>
            {canShare && (
              <Button
                variant="light"
                disabled={!link}
                leftSection={<IconShare size={20} aria-hidden="true" />}
                onClick={() => void navigator.share({ title: room.name, url: link }).catch(() => undefined)}
              >
                {t("invite.share")}
              </Button>
            )}
          </div>
          <Text size="sm" role="status">
            {outcome === "refused" && t("invite.copyByHand")}
          </Text>
          {isPrivate && (
            <div className={classes.renew}>
              <Button
                variant="default"
                leftSection={<IconRefresh size={20} aria-hidden="true" />}
                onClick={() => void renew()}
              >
                {t("invite.renew")}
              </Button>
              <Text size="sm" c="dimmed" role="status">
                {t(renewed ? "invite.renewed" : "invite.renewHint")}
              </Text>
            </div>
          )}
          <LazyPart
            load={inviteFriends}
            props={{ roomId: room.id, knocks: room.knockToEnter, isLeading: call.isLeading }}
          />
        </>
      )}
    </div>
  );
}
