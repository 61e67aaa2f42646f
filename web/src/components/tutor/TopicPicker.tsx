import { TextInput } from "@mantine/core";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./TopicPicker.module.css";
import { TOPIC_KEYS, TOPICS, topicKey } from "./topics";

interface Props {
  value: string;
  onChange(topic: string): void;
  error?: string | undefined;
}

const MAX_LENGTH = 140;

/** A suggested topic, or the person's own words. */
export function TopicPicker({ value, onChange, error }: Props) {
  const { t } = useTranslation();
  const name = useId();
  const known = topicKey(value);
  const [isOwn, setOwn] = useState(known === null && value !== "");
  return (
    <fieldset className={classes.group}>
      <legend className={classes.legend}>{t("practice.topic")}</legend>
      <div className={classes.chips}>
        {TOPIC_KEYS.map((key) => (
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
