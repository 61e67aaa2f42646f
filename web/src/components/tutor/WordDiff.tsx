import { VisuallyHidden } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { diffWords } from "../../hooks";
import classes from "./WordDiff.module.css";

interface Props {
  before: string;
  after: string;
  language: string;
}

const TAGS = { same: "span", removed: "del", added: "ins" } as const;

/** A corrected sentence. Changes are marked by more than colour, and screen readers get both sentences. */
export function WordDiff({ before, after, language }: Props) {
  const { t } = useTranslation();
  const parts = useMemo(() => diffWords(before, after), [before, after]);
  return (
    <p className={classes.sentence} dir="auto">
      <VisuallyHidden>{t("tutor.correctedFrom", { before, after })}</VisuallyHidden>
      <span aria-hidden="true" lang={language} dir="auto">
        {parts.map(({ kind, text }, index) => {
          const Tag = TAGS[kind];
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts of one sentence never move
            <span key={index}>
              <Tag className={classes[kind]}>{text}</Tag>{" "}
            </span>
          );
        })}
      </span>
    </p>
  );
}
