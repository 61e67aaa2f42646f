import { VisuallyHidden } from "@mantine/core";
import { useEffect, useState } from "react";

/** Tells screen readers a text, politely, each time that it changes. Empty at first: they announce only changes. */
export function Said({ text }: { text: string }) {
  const [said, setSaid] = useState("");
  useEffect(() => setSaid(text), [text]);
  return <VisuallyHidden role="status">{said}</VisuallyHidden>;
}
