import { Stack, Text, Title } from "@mantine/core";
import { Armchair } from "./Armchair";
import classes from "./StatusPage.module.css";
import { useAutoFocus } from "./useAutoFocus";

interface Props {
  title: string;
  text?: string;
  /** `note`: part of a page that has its own h1. */
  as?: "page" | "note";
  /** Takes the focus, because it replaced the focused element. */
  autoFocus?: boolean;
  /** Buttons for what the person can do. */
  children?: React.ReactNode;
}

/** A message with the empty armchair, for empty lists, ends of a call and missing pages. */
export function StatusPage({ title, text, as = "page", autoFocus = false, children }: Props) {
  const heading = useAutoFocus<HTMLHeadingElement>(autoFocus);
  return (
    <Stack className={classes.status} align="center" gap="xs" data-kind={as}>
      <Armchair className={classes.chair} />
      <Title
        ref={heading}
        order={as === "page" ? 1 : 2}
        className={classes.title}
        tabIndex={as === "page" ? -1 : undefined}
      >
        {title}
      </Title>
      {text && (
        <Text c="dimmed" className={classes.text}>
          {text}
        </Text>
      )}
      {children && <div className={classes.actions}>{children}</div>}
    </Stack>
  );
}
