import { Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import {
  type ClassMark,
  classKey,
  type HeardClasses,
  markOf,
  useCourses,
  useHeardClasses,
} from "../../hooks";
import { errorText } from "../../i18n/error-text";
import type { Course, CourseModule, SubTopicTitle } from "../../protocol";
import { FormError } from "../common/form-errors";
import { PageLoader } from "../common/PageLoader";
import classes from "./Courses.module.css";

/** All courses with their modules and classes, and what was finished. */
export function CoursesView() {
  const { t } = useTranslation();
  const { data, error } = useCourses();
  if (error) return <FormError>{errorText(t, error)}</FormError>;
  if (!data) return <PageLoader />;
  if (data.items.length === 0) return <Text>{t("courses.none")}</Text>;
  return (
    <>
      <Text className={classes.note}>{t("courses.about")}</Text>
      <Text className={classes.note}>{t("courses.kept")}</Text>
      {data.items.map((course) => (
        <CourseCard key={course.id} course={course} />
      ))}
    </>
  );
}

function CourseCard({ course }: { course: Course }) {
  const { t } = useTranslation();
  const heard = useHeardClasses();
  const all = course.modules.flatMap((module, m) =>
    module.subTopics.map(({ sentences }, s) => markOf(heard[classKey(course.id, m, s)], sentences)),
  );
  const done = all.filter((mark) => mark?.isFinished).length;
  const text = t("courses.done", { done, count: all.length });
  return (
    <section className={classes.course} aria-labelledby={`course-${course.id}`}>
      <h2 id={`course-${course.id}`} lang={course.language}>
        {course.title}
      </h2>
      <p className={classes.level}>{t("courses.level", { level: course.level })}</p>
      <p lang={course.language}>{course.summary}</p>
      <p>{text}</p>
      <progress className={classes.bar} max={all.length} value={done} aria-label={text} />
      {course.modules.map((module, index) => (
        <ModuleList key={module.title} course={course} module={module} index={index} heard={heard} />
      ))}
    </section>
  );
}

interface ModuleProps {
  course: Course;
  module: CourseModule;
  index: number;
  heard: HeardClasses;
}

function ModuleList({ course, module, index, heard }: ModuleProps) {
  const { t } = useTranslation();
  return (
    <section className={classes.module}>
      <h3>
        {t("courses.module", { number: index + 1 })} <span lang={course.language}>{module.title}</span>
      </h3>
      <p className={classes.note} lang={course.language}>
        {module.summary}
      </p>
      <ol className={classes.classes}>
        {module.subTopics.map((subTopic, s) => {
          const mark = markOf(heard[classKey(course.id, index, s)], subTopic.sentences);
          return (
            <li key={subTopic.title}>
              <Link
                className={classes.link}
                to={`/courses/${encodeURIComponent(course.id)}/${index}/${s}`}
                data-finished={mark?.isFinished ?? false}
              >
                <span lang={course.language}>{subTopic.title}</span>
                <Progress subTopic={subTopic} mark={mark} />
              </Link>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Progress({ subTopic, mark }: { subTopic: SubTopicTitle; mark: ClassMark | undefined }) {
  const { t } = useTranslation();
  const count = subTopic.sentences;
  if (mark?.isFinished)
    return (
      <span className={classes.finished}>
        <IconCircleCheck size={20} aria-hidden="true" /> {t("courses.finished")}
      </span>
    );
  return (
    <span className={classes.note}>
      {mark ? t("courses.begun", { at: mark.sentence + 1, count }) : t("courses.sentences", { count })}
    </span>
  );
}
