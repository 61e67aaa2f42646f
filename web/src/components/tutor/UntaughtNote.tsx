import { Alert } from "@mantine/core";
import { useUntaughtLine } from "./useUntaughtLine";

/** Beside a choice of language: that the tutor does not speak it. */
export function UntaughtNote({ language }: { language: string }) {
  const line = useUntaughtLine(language);
  return <div role="status">{line && <Alert color="brass">{line}</Alert>}</div>;
}
