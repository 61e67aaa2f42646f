import { Anchor, Button, Switch, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMemory, useMemoryActions, useSettings } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import { useNames } from "../../i18n/names";
import type { MemoryPage } from "../../protocol";
import { FormError } from "../common/form-errors";
import { notify } from "../common/notify";
import { PageLoader } from "../common/PageLoader";
import { DEFAULT_LANGUAGE } from "../common/profile-form";
import { GoalList } from "./GoalList";
import classes from "./Memory.module.css";
import { RememberedTalks } from "./RememberedTalks";

/** All that the tutor remembers of the person in the language they practise: to see, change, delete, turn off. */
export function MemoryView() {
  const { t } = useTranslation();
  const language = useSettings().practiceLanguage ?? DEFAULT_LANGUAGE;
  const { data, error } = useMemory(language);
  if (error) return <FormError>{errorText(t, error)}</FormError>;
  return data ? <Memory page={data} /> : <PageLoader />;
}

function Memory({ page: { remembers, memory } }: { page: MemoryPage }) {
  const { t } = useTranslation();
  const names = useNames();
  const actions = useMemoryActions();
  /** Whether it was stored. If not, the person is told why. */
  const orNotify = async (work: Promise<void>) => {
    try {
      await work;
      return true;
    } catch (error) {
      notify(errorText(t, error), "red");
      return false;
    }
  };
  const askAll = () =>
    modals.openConfirmModal({
      title: t("memory.deleteTitle"),
      children: <Text>{t("memory.deleteText")}</Text>,
      labels: { confirm: t("history.delete"), cancel: t("room.cancel") },
      confirmProps: { color: "red" },
      closeButtonProps: { "aria-label": t("app.close") },
      onConfirm: () => void orNotify(actions.forgetAll()),
    });
  const { language, goals, talks, words, mistakes } = memory;
  return (
    <div className={classes.memory}>
      <Switch
        label={t("memory.switch")}
        description={t("memory.switchHint")}
        checked={remembers}
        onChange={(event) => void orNotify(actions.change({ remembers: event.currentTarget.checked }))}
      />
      <section className={classes.part} aria-labelledby="memory-goals">
        <h2 id="memory-goals">{t("memory.goals")}</h2>
        <GoalList goals={goals} onChange={(next) => orNotify(actions.change({ goals: next }))} />
      </section>
      <p className={classes.note}>{t("memory.language", { language: names.languageInText(language) })}</p>
      <section className={classes.part} aria-labelledby="memory-talks">
        <h2 id="memory-talks">{t("memory.talks")}</h2>
        <RememberedTalks talks={talks} onNote={(id, text) => orNotify(actions.noteTalk(id, text))} />
      </section>
      <section className={classes.part} aria-labelledby="memory-words">
        <h2 id="memory-words">{t("memory.words")}</h2>
        <p lang={language} dir="auto">
          {words.length > 0 ? words.map(({ word }) => word).join(", ") : <NoneYet />}
        </p>
        <Anchor component={Link} to="/practice/words">
          {t("words.title")}
        </Anchor>
      </section>
      <section className={classes.part} aria-labelledby="memory-mistakes">
        <h2 id="memory-mistakes">{t("memory.mistakes")}</h2>
        {mistakes.length === 0 ? (
          <p>
            <NoneYet />
          </p>
        ) : (
          <ul className={classes.list}>
            {mistakes.map(({ id, better }) => (
              <li key={id} lang={language} dir="auto">
                {better}
              </li>
            ))}
          </ul>
        )}
        <Anchor component={Link} to="/practice/mistakes">
          {t("mistakes.title")}
        </Anchor>
      </section>
      <Button variant="outline" color="red" onClick={askAll}>
        {t("memory.deleteAll")}
      </Button>
    </div>
  );
}

function NoneYet() {
  const { t, i18n } = useTranslation();
  return (
    <span className={classes.note} lang={i18n.language}>
      {t("memory.none")}
    </span>
  );
}
