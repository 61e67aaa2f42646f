import { Popover, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconMoodPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useSend } from "../../hooks";
import type { Reaction } from "../../protocol";
import buttons from "./ControlButton.module.css";
import classes from "./ReactButton.module.css";
import { REACTIONS } from "./reactions";

const KINDS = Object.keys(REACTIONS) as Reaction[];

/** Shows one of a few reactions at one's own place. */
export function ReactButton() {
  const { t } = useTranslation();
  const send = useSend();
  const [opened, { close, toggle }] = useDisclosure(false);
  return (
    <Popover
      opened={opened}
      onChange={(next) => !next && close()}
      position="top"
      shadow="md"
      radius="lg"
      trapFocus
      withArrow
    >
      <Popover.Target>
        <UnstyledButton className={buttons.button} data-on={opened} onClick={toggle}>
          <IconMoodPlus size={24} aria-hidden="true" />
          <span>{t("reactions.title")}</span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("reactions.choose")} className={classes.menu}>
        {KINDS.map((reaction) => {
          const Icon = REACTIONS[reaction];
          return (
            <UnstyledButton
              key={reaction}
              className={classes.option}
              data-reaction={reaction}
              onClick={() => {
                void send("react", { reaction });
                close();
              }}
            >
              <Icon size={30} aria-hidden="true" />
              <span>{t(`reactions.names.${reaction}`)}</span>
            </UnstyledButton>
          );
        })}
      </Popover.Dropdown>
    </Popover>
  );
}
