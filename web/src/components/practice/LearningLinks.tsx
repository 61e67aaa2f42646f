import { Button } from "@mantine/core";
import {
  IconBook,
  IconBulb,
  IconFiles,
  IconHistory,
  IconMessageCircle,
  IconRepeat,
  IconSchool,
  IconTargetArrow,
  IconWaveSine,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import classes from "./LearningLinks.module.css";

const LINKS = [
  { to: "/courses", text: "courses.title", Icon: IconSchool },
  { to: "/talk", text: "talk.page", Icon: IconWaveSine },
  { to: "/coach", text: "coach.title", Icon: IconMessageCircle },
  { to: "/progress", text: "app.progress", Icon: IconTargetArrow },
  { to: "/practice/history", text: "practice.history", Icon: IconHistory },
  { to: "/practice/mistakes", text: "mistakes.title", Icon: IconRepeat },
  { to: "/practice/words", text: "words.title", Icon: IconBook },
  { to: "/practice/memory", text: "memory.title", Icon: IconBulb },
  { to: "/practice/documents", text: "documents.title", Icon: IconFiles },
] as const;

/** From each page of the learning loop to the others. */
export function LearningLinks() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  return (
    <nav aria-label={t("practice.learning")} className={classes.links}>
      {LINKS.filter(({ to }) => to !== pathname).map(({ to, text, Icon }) => (
        <Button
          key={to}
          component={Link}
          to={to}
          variant="light"
          leftSection={<Icon size={20} aria-hidden="true" />}
        >
          {t(text)}
        </Button>
      ))}
    </nav>
  );
}
