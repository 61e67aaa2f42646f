import { ActionIcon, Anchor, Button, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useForgetWord, useWordReviews, useWords } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import type { WordExercise as Exercise, Word } from "../../protocol";
import { notify } from "../common/notify";
import { StatusPage } from "../common/StatusPage";
import { AddWord } from "./AddWord";
import { HearButton } from "./HearButton";
import classes from "./Review.module.css";
import { ReviewPage } from "./ReviewPage";
import { WordExercise } from "./WordExercise";

const idOf = ({ wordId }: Exercise) => wordId;

/** The words that are due, their review, all words, and a form for one more. */
export function WordsView() {
  const { t } = useTranslation();
  return (
    <ReviewPage
      name="words"
      list={useWords()}
      reviews={useWordReviews()}
      idOf={idOf}
      exerciseOf={WordExercise}
      dueText={(count) => (count > 0 ? t("words.due", { count }) : t("words.noneDue"))}
      close={t("words.close")}
      show={({ items }, due) => (
        <>
          {items.length === 0 ? (
            <StatusPage as="note" title={t("words.emptyTitle")} text={t("words.emptyText")} />
          ) : (
            <>
              {due}
              <WordList words={items} />
            </>
          )}
          <AddWord />
        </>
      )}
    />
  );
}

function WordList({ words }: { words: Word[] }) {
  const { t } = useTranslation();
  const { mutateAsync } = useForgetWord();
  const forget = (id: string | null) =>
    mutateAsync(id).catch((error: unknown) => notify(errorText(t, error), "red"));
  const askAll = () =>
    modals.openConfirmModal({
      title: t("words.deleteTitle"),
      children: <Text>{t("words.deleteText")}</Text>,
      labels: { confirm: t("history.delete"), cancel: t("room.cancel") },
      confirmProps: { color: "red" },
      closeButtonProps: { "aria-label": t("app.close") },
      onConfirm: () => void forget(null),
    });
  return (
    <>
      <h2>{t("words.all")}</h2>
      <ul className={classes.list}>
        {words.map((word) => (
          <WordRow key={word.id} word={word} onForget={() => void forget(word.id)} />
        ))}
      </ul>
      <Button mt="md" variant="outline" color="red" onClick={askAll}>
        {t("words.deleteAll")}
      </Button>
    </>
  );
}

function WordRow({ word: one, onForget }: { word: Word; onForget(): void }) {
  const { t, i18n } = useTranslation();
  const { word, meaning, sentence, language, conversationId, dueAt, isMastered } = one;
  const isDue = new Date(dueAt).getTime() <= Date.now();
  const day = new Date(dueAt).toLocaleDateString(i18n.language, { dateStyle: "medium" });
  return (
    <li className={classes.pattern}>
      <span className={classes.words} lang={language} dir="auto">
        {word}
      </span>
      <div className={classes.facts}>
        {meaning && <div dir="auto">{meaning}</div>}
        {sentence && (
          <q lang={language} dir="auto">
            {sentence}
          </q>
        )}
        <div>
          {isMastered ? t("mistakes.mastered") : isDue ? t("mistakes.dueNow") : t("mistakes.dueOn", { day })}
          {conversationId && (
            <>
              {" · "}
              <Anchor component={Link} size="sm" to={`/practice/history/${conversationId}`}>
                {t("words.talk")}
              </Anchor>
            </>
          )}
        </div>
        <HearButton text={word} language={language} name={word} />
      </div>
      <ActionIcon
        variant="subtle"
        color="gray"
        className={classes.forget}
        aria-label={t("words.forget", { word })}
        onClick={onForget}
      >
        <IconTrash size={18} aria-hidden="true" />
      </ActionIcon>
    </li>
  );
}
