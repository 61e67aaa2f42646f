import { TextInput } from "@mantine/core";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./TopicPicker.module.css";
import { isRolePlay, TOPIC_KEYS, TOPICS, topicKey } from "./topics";

interface Props {
  value: string;
  /** Without role plays where the tutor has none in the language. */
  hasRolePlays: boolean;
  onChange(topic: string): void;
  error?: string | undefined;
}

const MAX_LENGTH = 140;

/** A suggested topic, or the person's own words. */
export function TopicPicker({ value, hasRolePlays, onChange, error }: Props) {
  const { t } = useTranslation();
  const name = useId();
  const known = topicKey(value);
  const [isOwn, setOwn] = useState(known === null && value !== "");
  return (
    <fieldset className={classes.group}>
      <legend className={classes.legend}>{t("practice.topic")}</legend>
      <div className={classes.chips}>
        {TOPIC_KEYS.filter((key) => hasRolePlays || !isRolePlay(TOPICS[key])).map((key) => (
          <label key={key} className={classes.chip}>
            <input
              type="radio"
              name={name}
              checked={!isOwn && known === key}
              onChange={() => {
                setOwn(false);
                onChange(TOPICS[key]);
              }}
            />
            <span>{t(`practice.topics.${key}`)}</span>
          </label>
        ))}
        <label className={classes.chip}>
          <input
            type="radio"
            name={name}
            checked={isOwn}
            onChange={() => {
              setOwn(true);
              onChange("");
            }}
          />
          <span>{t("practice.ownTopic")}</span>
        </label>
      </div>
      {isOwn && (
        <TextInput
          mt="sm"
          label={t("practice.ownTopicLabel")}
          placeholder={t("practice.ownTopicPlaceholder")}
          maxLength={MAX_LENGTH}
          error={error}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </fieldset>
  );
}
