import { Avatar } from "@mantine/core";

interface Props {
  person: { name: string; avatarUrl: string };
  /** Pixels, or any CSS length. */
  size: number | string;
  className?: string;
}

/** A participant's picture, or their initials. Decorative, because the name is always written beside it. */
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
