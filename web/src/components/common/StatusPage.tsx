import { Stack, Text, Title } from "@mantine/core";
import { Armchair } from "./Armchair";
import classes from "./StatusPage.module.css";
import { useAutoFocus } from "./useAutoFocus";

interface Props {
  title: string;
  text?: string;
  /** A note stands inside a page that has its own h1. */
  as?: "page" | "note";
  /** It replaced what had the focus. */
  autoFocus?: boolean;
  /** What one can do about it. */
  children?: React.ReactNode;
}

/** An empty chair with words: empty lists, ends of a call, pages that are not there. */
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
