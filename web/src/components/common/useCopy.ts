import { type RefObject, useEffect, useState } from "react";

const SHOWN_MS = 2_000;

export type CopyOutcome = "copied" | "refused" | null;

/**
 * Copies the text that `field` shows. Pages without https have no clipboard; there the browser's older command copies
 * the selected field. If that is refused too, the text stays selected, so that a key copies it.
 */
export function useCopy(field: RefObject<HTMLInputElement | null>) {
  const [outcome, setOutcome] = useState<CopyOutcome>(null);
  useEffect(() => {
    if (outcome !== "copied") return;
    const timer = setTimeout(() => setOutcome(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async (text: string) => {
    const isCopied = await writeClipboard(text);
    setOutcome(isCopied || copySelected(field.current) ? "copied" : "refused");
  };
  return { outcome, copy };
}

async function writeClipboard(text: string): Promise<boolean> {
  if (!navigator.clipboard) return false;
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}

function copySelected(field: HTMLInputElement | null): boolean {
  if (field === null) return false;
  field.focus();
  field.select();
  return document.execCommand?.("copy") ?? false;
}
