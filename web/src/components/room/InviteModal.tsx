import { Button, Modal, Text, TextInput } from "@mantine/core";
import { IconCheck, IconCopy, IconRefresh, IconShare } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import type { CallHook } from "../../hooks";
import type { Room } from "../../protocol";
import { FormError } from "../common/form-errors";
import { useCopy } from "../common/useCopy";
import classes from "./InviteModal.module.css";
import { useInviteLink } from "./useInviteLink";

interface Props {
  opened: boolean;
  onClose(): void;
  call: CallHook;
  room: Room;
}

export function InviteModal({ opened, onClose, call, room }: Props) {
  const { t } = useTranslation();
  const isPrivate = room.type === "private";
  const { link, error, renewed, renew } = useInviteLink(opened, call, room);
  const field = useRef<HTMLInputElement>(null);
  const { outcome, copy } = useCopy(field);
  const canShare = typeof navigator.share === "function";
  const isHidden = isPrivate && !call.isHost;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("invite.title")}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      <div className={classes.body}>
        <Text>
          {t(isHidden ? "invite.hostOnly" : isPrivate ? "invite.privateText" : "invite.publicText")}
        </Text>
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
          </>
        )}
      </div>
    </Modal>
  );
}
