import { Button, Group, NativeSelect, Stack } from "@mantine/core";
import { IconSchool } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { classKey, markOf, useCourses, useHeardClasses, useRoomTutor } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import type { Course } from "../../protocol";
import { FormError } from "../common/form-errors";
import { notify } from "../common/notify";

interface Props {
  roomId: string;
  /** A class is taught now: starting another one ends it. */
  isTaught: boolean;
  onStarted?(): void;
}

interface Choice {
  value: string;
  label: string;
  courseId: string;
  moduleIndex: number;
  subTopicIndex: number;
  sentences: number;
}

/** The host chooses a class of a course, which the tutor then teaches to everybody in the room. */
export function ClassPicker({ roomId, isTaught, onStarted }: Props) {
  const { t } = useTranslation();
  const { data, error } = useCourses();
  const heard = useHeardClasses();
  const { invite } = useRoomTutor(roomId);
  const groups = (data?.items ?? []).flatMap(groupsOf);
  const choices = groups.flatMap(({ items }) => items);
  const [wanted, setWanted] = useState("");
  const chosen = choices.find(({ value }) => value === wanted) ?? choices[0];
  if (error) return <FormError>{errorText(t, error)}</FormError>;
  const mark = chosen && markOf(heard[chosen.value], chosen.sentences);
  const start = (sentence: number) => {
    if (!chosen) return;
    const { courseId, moduleIndex, subTopicIndex } = chosen;
    invite
      .mutateAsync({ teaches: { courseId, moduleIndex, subTopicIndex, sentence } })
      .then(() => onStarted?.())
      .catch((refused: unknown) => notify(errorText(t, refused), "red"));
  };
  return (
    <Stack gap="xs">
      <NativeSelect
        label={t("classroom.choose")}
        description={t("classroom.chooseHint")}
        data={groups}
        value={chosen?.value ?? ""}
        disabled={choices.length === 0}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      <Group gap="xs">
        <Button
          leftSection={<IconSchool size={18} aria-hidden="true" />}
          disabled={!chosen}
          loading={invite.isPending}
          onClick={() => start(0)}
        >
          {t(isTaught ? "classroom.startOther" : "classroom.start")}
        </Button>
        {mark && !mark.isFinished && mark.sentence > 0 && (
          <Button variant="light" loading={invite.isPending} onClick={() => start(mark.sentence)}>
            {t("courses.continue", { at: mark.sentence + 1, count: chosen?.sentences ?? 0 })}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

/** The classes of each module. */
function groupsOf(course: Course): { group: string; items: Choice[] }[] {
  return course.modules.map((module, moduleIndex) => ({
    group: `${course.title}: ${module.title}`,
    items: module.subTopics.map(({ title, sentences }, subTopicIndex) => ({
      value: classKey(course.id, moduleIndex, subTopicIndex),
      label: title,
      courseId: course.id,
      moduleIndex,
      subTopicIndex,
      sentences,
    })),
  }));
}
