import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Memory.module.css";

const MAX_GOALS = 5;

interface Props {
  goals: string[];
  /** Whether they were stored. */
  onChange(goals: string[]): Promise<boolean>;
}

/** The person's goals, in their own words. */
export function GoalList({ goals, onChange }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const add = async (event: React.FormEvent) => {
    event.preventDefault();
    const goal = text.trim();
    if (!goal || goals.includes(goal)) return;
    if (await onChange([...goals, goal])) setText("");
  };
  const remove = async (goal: string) => {
    // the button that had the focus is gone
    if (await onChange(goals.filter((one) => one !== goal))) field.current?.focus();
  };
  return (
    <>
      {goals.length > 0 && (
        <ul className={classes.rows}>
          {goals.map((goal) => (
            <li key={goal}>
              <span dir="auto">{goal}</span>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t("memory.forget", { what: goal })}
                onClick={() => void remove(goal)}
              >
                <IconTrash size={18} aria-hidden="true" />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      {goals.length < MAX_GOALS && (
        <form className={classes.form} onSubmit={(event) => void add(event)}>
          <TextInput
            ref={field}
            className={classes.field}
            label={t("memory.goal")}
            placeholder={t("memory.goalExample")}
            maxLength={140}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit" variant="light">
            {t("words.add")}
          </Button>
        </form>
      )}
    </>
  );
}
