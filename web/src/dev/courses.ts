import { NO_CLASS } from "../core/class-state";
import type { ClassHook, HeardClasses } from "../hooks";
import type { ClassText, CourseList } from "../protocol";

/** Data of the pages of courses in the gallery. */
export const CLASS: ClassText = {
  courseId: "1",
  moduleIndex: 0,
  subTopicIndex: 1,
  title: "Asking back and keeping a talk alive",
  level: "A2-B1",
  language: "en",
  sentences: [
    "A talk is like a game of table tennis.",
    "You get a question, you answer it, and you play it back.",
    "The shortest way is two words: and you?",
    "So you answer, and then you ask.",
    "Now a longer way.",
    "Add one more thing about yourself, and the other person has something to reply to.",
  ],
  paragraphs: [2, 2, 2],
  questions: [
    { text: "What is the shortest way to ask back?", answers: ["and you", "what about you"] },
    { text: "How do you ask back in your own language?", answers: [] },
  ],
};

export const COURSES: CourseList = {
  items: [
    {
      id: "1",
      title: "Everyday English",
      summary: "Four modules about the talks that happen every day, written for speaking.",
      level: "A2-B1",
      language: "en",
      modules: [
        {
          title: "Meeting people",
          summary: "Say who you are, ask back, and end a talk politely.",
          subTopics: [
            { title: "Introducing yourself", sentences: 24 },
            { title: "Asking back and keeping a talk alive", sentences: 6 },
            { title: "Talking about your family and the people you live with", sentences: 31 },
          ],
        },
      ],
    },
  ],
};

export const HEARD: HeardClasses = {
  "1/0/0": [{ first: 0, last: 23 }],
  "1/0/1": [{ first: 0, last: 2 }],
};

export function lesson(change: Partial<ClassHook> = {}): Omit<ClassHook, "start" | "stop" | "setMicrophone"> {
  return { ...NO_CLASS, isMicrophoneOn: false, microphone: "idle", ...change };
}
