import { Avatar } from "@mantine/core";
import type { Participant } from "../../protocol";
import { TutorFace } from "./TutorFace";

interface Props {
  person: { name: string; avatarUrl: string; kind?: Participant["kind"] };
  /** Pixels, or any CSS length. */
  size: number | string;
  className?: string;
}

/** A participant's picture, or their initials; the tutor's own face. Decorative, because the name is always written beside it. */
export function PersonAvatar({ person, size, className }: Props) {
  if (person.kind === "tutor") return <TutorFace size={size} className={className} />;
  return (
    <Avatar
      src={person.avatarUrl}
      alt=""
      name={person.name}
      size={size}
      radius="100%"
      color="velvet"
      className={className}
    />
  );
}
