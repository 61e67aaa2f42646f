import { Button, Modal, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { CallHook } from "../../hooks";
import { FormError } from "../common/form-errors";
import classes from "./RemovedPeopleModal.module.css";
import { useBans } from "./useBans";

interface Props {
  opened: boolean;
  onClose(): void;
  call: CallHook;
}

/** For the host: the people who were removed, with a button to let each come back. */
export function RemovedPeopleModal({ opened, onClose, call }: Props) {
  const { t } = useTranslation();
  const { bans, error, lift, lifted } = useBans(opened, call);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("bans.title")}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      <Text role="status">
        {lifted ? t("bans.lifted", { name: lifted }) : bans?.length === 0 ? t("bans.none") : t("bans.lead")}
      </Text>
      {error && <FormError>{error}</FormError>}
      <ul className={classes.people}>
        {bans?.map((ban) => {
          const name = ban.name || t("bans.unnamed");
          return (
            <li key={ban.id} className={classes.person}>
              <span className={classes.name} dir="auto">
                {name}
              </span>
              <Button
                variant="default"
                aria-label={t("bans.liftLabel", { name })}
                onClick={() => void lift(ban.id, name)}
              >
                {t("bans.lift")}
              </Button>
            </li>
          );
        })}
      </ul>
    </Modal>
  );
}
