import { ActionIcon, Popover } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDots } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { CallHook } from "../../hooks";
import { useNames } from "../../i18n/names";
import type { Participant } from "../../protocol";
import { HostActions } from "./HostActions";
import classes from "./PersonMenu.module.css";
import { VolumeSlider } from "./VolumeSlider";

interface Props {
  person: Participant;
  call: CallHook;
}

/** Volume of a participant and, for the host, the host's actions. */
export function PersonMenu({ person, call }: Props) {
  const { t } = useTranslation();
  const [opened, { close, toggle }] = useDisclosure(false);
  const label = t("room.personMenu", { name: person.name });
  return (
    <Popover
      opened={opened}
      onChange={(next) => !next && close()}
      trapFocus
      width={280}
      shadow="md"
      radius="md"
    >
      <Popover.Target>
        <ActionIcon
          className={classes.button}
          color="gray"
          c="var(--parlor-ink-soft)"
          aria-label={label}
          onClick={toggle}
        >
          <IconDots size={22} aria-hidden="true" />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={label} className={classes.menu}>
        <PersonFacts person={person} />
        <VolumeSlider person={person} />
        {call.isHost && person.kind === "person" && (
          <HostActions person={person} call={call} onDone={close} />
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

/** Country, languages and level of a participant. */
export function PersonFacts({ person }: { person: Participant }) {
  const { t } = useTranslation();
  const names = useNames();
  const facts = [
    person.country && t("room.from", { country: names.country(person.country) }),
    person.nativeLanguage && t("room.speaks", { language: names.language(person.nativeLanguage) }),
    person.learningLevel && t("room.level", { level: person.learningLevel }),
  ].filter(Boolean);
  return (
    <div className={classes.facts}>
      <strong>{person.name}</strong>
      <span>{facts.join(" · ")}</span>
    </div>
  );
}
