import { UnstyledButton } from "@mantine/core";
import type { Icon as TablerIcon } from "@tabler/icons-react";
import classes from "./ControlButton.module.css";

interface Props {
  label: string;
  /** Accessible name, if the short label does not say what pressing does. */
  name?: string;
  Icon: TablerIcon;
  isOn?: boolean;
  tone?: "plain" | "danger";
  onClick(): void;
}

export function ControlButton({ label, name, Icon, isOn = false, tone = "plain", onClick }: Props) {
  return (
    <UnstyledButton
      className={classes.button}
      data-on={isOn}
      data-tone={tone}
      aria-label={name}
      title={name}
      onClick={onClick}
    >
      <Icon size={24} aria-hidden="true" />
      <span>{label}</span>
    </UnstyledButton>
  );
}
