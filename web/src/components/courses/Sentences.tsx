import { VisuallyHidden } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { ClassText, HeardRange } from "../../protocol";
import classes from "./Courses.module.css";

interface Props {
  text: ClassText;
  /** The sentence that is spoken, or was last. */
  current: number | null;
  isRunning: boolean;
  /** Sentences that the person has heard. */
  heard?: readonly HeardRange[] | undefined;
}

/** The text in its paragraphs. The sentence that is spoken is marked, kept in view, and announced. */
export function Sentences({ text, current, isRunning, heard = [] }: Props) {
  const { t } = useTranslation();
  const marked = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isRunning && current !== null) marked.current?.scrollIntoView?.({ block: "nearest" });
  }, [current, isRunning]);
  return (
    <section aria-labelledby="class-text" className={classes.text}>
      <h2 id="class-text">{t("courses.text")}</h2>
      <div lang={text.language}>
        {paragraphsOf(text).map((indices) => (
          <p key={indices[0]}>
            {indices.map((index) => (
              <span
                key={index}
                ref={index === current ? marked : null}
                className={classes.sentence}
                data-heard={heard.some(({ first, last }) => first <= index && index <= last)}
                aria-current={index === current ? "step" : undefined}
              >
                {text.sentences[index]}{" "}
              </span>
            ))}
          </p>
        ))}
      </div>
      <VisuallyHidden>
        <p role="status" lang={text.language}>
          {isRunning && current !== null ? text.sentences[current] : ""}
        </p>
      </VisuallyHidden>
    </section>
  );
}

/** Indices of the sentences of each paragraph. */
function paragraphsOf({ sentences, paragraphs }: ClassText): number[][] {
  const indices = sentences.map((_, index) => index);
  const found = paragraphs.map((length) => indices.splice(0, length));
  return indices.length > 0 ? [...found, indices] : found;
}
