import { ActionIcon, Anchor, Table } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMistake } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import type { Accuracy, Mistake } from "../../protocol";
import { FormError } from "../common/form-errors";
import { shortDay } from "../history/BarChart";
import { Explanation } from "../tutor/Explanation";
import { WordDiff } from "../tutor/WordDiff";
import classes from "./Review.module.css";
import { SayAgain } from "./SayAgain";

const SHOWN_SENTENCES = 10;

interface Props {
  mistakes: Mistake[];
  accuracy: Accuracy | undefined;
  onForget(id: string): void;
}

/** Mistakes by category, each category with its accuracy week by week. */
export function Patterns({ mistakes, accuracy, onForget }: Props) {
  const { t } = useTranslation();
  return (
    <div className={classes.groups}>
      {[...grouped(mistakes)].map(([category, items]) => (
        <section key={category} className={classes.group} aria-labelledby={`mistakes-${category}`}>
          <h3 id={`mistakes-${category}`}>{t(`tutor.categories.${category}`)}</h3>
          {accuracy && <Weeks accuracy={accuracy} category={category} />}
          <ul className={classes.list}>
            {items.map((mistake) => (
              <Pattern key={mistake.id} mistake={mistake} onForget={onForget} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function grouped(mistakes: Mistake[]): Map<Mistake["category"], Mistake[]> {
  const groups = new Map<Mistake["category"], Mistake[]>();
  for (const mistake of mistakes) {
    groups.set(mistake.category, [...(groups.get(mistake.category) ?? []), mistake]);
  }
  return groups;
}

function Pattern({ mistake, onForget }: { mistake: Mistake; onForget(id: string): void }) {
  const { t, i18n } = useTranslation();
  const { said, right, language, times, lastAt, dueAt, isMastered } = mistake;
  const words = said || right ? `${said || "—"} → ${right || "—"}` : t("mistakes.spelling");
  const day = (at: string) => new Date(at).toLocaleDateString(i18n.language, { dateStyle: "medium" });
  const isDue = new Date(dueAt).getTime() <= Date.now();
  return (
    <li className={classes.pattern}>
      <span className={classes.words} lang={language} dir="auto">
        {words}
      </span>
      <span className={classes.facts}>
        {t("mistakes.times", { count: times })} · {t("mistakes.last", { day: day(lastAt) })} ·{" "}
        {isMastered
          ? t("mistakes.mastered")
          : isDue
            ? t("mistakes.dueNow")
            : t("mistakes.dueOn", { day: day(dueAt) })}
      </span>
      <ActionIcon
        variant="subtle"
        color="gray"
        className={classes.forget}
        aria-label={t("mistakes.forget", { words })}
        onClick={() => onForget(mistake.id)}
      >
        <IconTrash size={18} aria-hidden="true" />
      </ActionIcon>
      <Sentences mistake={mistake} />
    </li>
  );
}

/** The sentences in which the mistake was made, read when they are opened. */
function Sentences({ mistake: { id, language } }: { mistake: Mistake }) {
  const { t, i18n } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const { data, error } = useMistake(isOpen ? id : null);
  return (
    <details className={classes.more} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("mistakes.sentences")}</summary>
      {error && <FormError>{errorText(t, error)}</FormError>}
      <ol>
        {data?.sentences.slice(0, SHOWN_SENTENCES).map((one) => (
          <li key={one.id}>
            <WordDiff before={one.originalSentence} after={one.correctedSentence} language={language} />
            <Explanation text={one.explanation} className={classes.facts} />
            <Anchor component={Link} size="sm" to={`/practice/history/${one.conversationId}`}>
              {t("mistakes.fromTalk", {
                day: new Date(one.at).toLocaleDateString(i18n.language, { dateStyle: "medium" }),
              })}
            </Anchor>
            <SayAgain text={one.correctedSentence} language={language} />
          </li>
        ))}
      </ol>
    </details>
  );
}

/** The share of turns without a mistake of this category, for each week with turns. */
function Weeks({ accuracy, category }: { accuracy: Accuracy; category: Mistake["category"] }) {
  const { t, i18n } = useTranslation();
  const right = accuracy.categories.find((one) => one.category === category)?.right;
  const weeks = accuracy.weeks
    .map((week, index) => ({ week, turns: accuracy.turns[index] ?? 0, right: right?.[index] }))
    .filter(({ turns, right }) => turns > 0 && right !== undefined);
  if (weeks.length === 0) return null;
  const percent = new Intl.NumberFormat(i18n.language, { style: "percent" });
  return (
    <Table.ScrollContainer minWidth={200} type="native">
      <Table className={classes.weeks}>
        <Table.Caption>{t("mistakes.accuracy")}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            {weeks.map(({ week }) => (
              <Table.Th key={week} scope="col">
                {shortDay(week, i18n.language)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Table.Tr>
            {weeks.map(({ week, turns, right = 0 }) => (
              <Table.Td key={week}>{percent.format(right / turns)}</Table.Td>
            ))}
          </Table.Tr>
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
