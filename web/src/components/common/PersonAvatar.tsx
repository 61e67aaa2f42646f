import { Avatar } from "@mantine/core";
import { IconUserOff } from "@tabler/icons-react";
import type { Participant } from "../../protocol";
import { TutorFace } from "./TutorFace";

interface Props {
  person: { name: string; avatarUrl: string; kind?: Participant["kind"]; isBlocked?: boolean };
  /** Pixels, or any CSS length. */
  size: number | string;
  className?: string;
}

/** A participant's picture, or their initials; the tutor's own face; nobody's for a person whom one has blocked. Decorative, because the name is always written beside it. */
export function PersonAvatar({ person, size, className }: Props) {
  if (person.kind === "tutor") return <TutorFace size={size} className={className} />;
  if (person.isBlocked) {
    return (
      <Avatar alt="" size={size} radius="100%" color="gray" className={className}>
        <IconUserOff size="50%" aria-hidden="true" />
      </Avatar>
    );
  }
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
