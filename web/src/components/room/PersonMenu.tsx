import { Popover, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDots } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { loadedLater } from "../../core/lazy-load";
import type { CallHook } from "../../hooks";
import type { Participant } from "../../protocol";
import { LazyPart } from "../common/LazyPart";
import { usePersonName } from "../people/usePersonName";
import personMenu from "./PersonMenu.module.css";

interface Props {
  person: Participant;
  call: CallHook;
}

const personActions = loadedLater(async () => (await import("./PersonActions")).PersonActions);
/** The tile can be as high as the window, so a menu that fits neither below nor above it lies on it. */
const WHOLE_IN_VIEW = { flip: true, shift: { crossAxis: true, padding: 8 } };

/** The menu of a participant. Its button is the whole tile, easy to hit on a phone. */
export function PersonMenu({ person, call }: Props) {
  const { t } = useTranslation();
  const [opened, { close, toggle }] = useDisclosure(false);
  const name = usePersonName()(person);
  const label = t("room.personMenu", { name });
  return (
    <Popover
      opened={opened}
      onChange={(next) => !next && close()}
      trapFocus
      middlewares={WHOLE_IN_VIEW}
      width={280}
      shadow="md"
      radius="md"
    >
      <Popover.Target>
        <UnstyledButton className={personMenu.button} aria-label={label} onClick={toggle}>
          <span className={personMenu.dots}>
            <IconDots size={18} aria-hidden="true" />
          </span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={label} className={personMenu.menu}>
        <LazyPart load={personActions} props={{ person, call, onDone: close }} />
      </Popover.Dropdown>
    </Popover>
  );
}
