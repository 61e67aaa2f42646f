import { UnstyledButton } from "@mantine/core";
import type { Icon as TablerIcon } from "@tabler/icons-react";
import classes from "./ControlButton.module.css";

interface Props {
  label: string;
  /** Accessible name, if the short label does not say what pressing does. */
  name?: string;
  Icon: TablerIcon;
  isOn?: boolean;
  /** A number in the corner, if it is not 0; the name says what it counts. */
  badge?: number;
  /** Whether what the button opens is open. */
  isExpanded?: boolean;
  id?: string;
  tone?: "plain" | "danger";
  onClick(): void;
}

export function ControlButton({
  label,
  name,
  Icon,
  isOn = false,
  badge = 0,
  isExpanded,
  id,
  tone = "plain",
  onClick,
}: Props) {
  return (
    <UnstyledButton
      className={classes.button}
      data-on={isOn}
      data-tone={tone}
      id={id}
      aria-label={name}
      aria-expanded={isExpanded}
      title={name}
      onClick={onClick}
    >
      <span className={classes.icon} data-badge={badge > 99 ? "99+" : badge || undefined}>
        <Icon size={24} aria-hidden="true" />
      </span>
      <span>{label}</span>
    </UnstyledButton>
  );
}
