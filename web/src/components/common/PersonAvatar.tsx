import { Avatar } from "@mantine/core";

interface Props {
  person: { name: string; avatarUrl: string };
  /** Pixels, or any CSS length. */
  size: number | string;
  className?: string;
}

/** A face beside a name that is written out, so it is decoration for screen readers. Falls back to initials. */
export function PersonAvatar({ person, size, className }: Props) {
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
