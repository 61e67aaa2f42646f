import { useTranslation } from "react-i18next";
import type { Citation, ConversationDetail } from "../../protocol";
import classes from "./ConversationView.module.css";

/** The passages of documents that the tutor's answers drew on; nothing if there are none. */
export function Citations({ messages }: Pick<ConversationDetail, "messages">) {
  const { t } = useTranslation();
  const cited = each(messages.flatMap((message) => message.citations));
  if (cited.size === 0) return null;
  return (
    <section className={classes.feedback} aria-labelledby="kept-citations">
      <h2 id="kept-citations" className={classes.heading}>
        {t("history.citations")}
      </h2>
      <ol className={classes.passages}>
        {[...cited].map(([key, { document, heading, text }]) => (
          <li key={key}>
            <cite dir="auto">{[document, heading].filter(Boolean).join(" › ")}</cite>
            {text !== null && <blockquote dir="auto">{text}</blockquote>}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Each passage once, in the order of the answers. */
function each(citations: Citation[]): Map<string, Citation> {
  return new Map(citations.map((one) => [[one.document, one.heading, one.text].join("\n"), one]));
}
