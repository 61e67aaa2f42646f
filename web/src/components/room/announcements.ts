import type { TFunction } from "i18next";
import type { AnnouncementKind, RoomEvent, RoomEventType } from "../../hooks";

/** Event types that are announced together, with the setting that silences each. */
const BATCHED = {
  joined: "joins",
  left: "leaves",
  muted: "mutes",
  unmuted: "mutes",
  hand: "hands",
} as const satisfies Partial<Record<RoomEventType, AnnouncementKind>>;

/** Number of names that are read before the rest becomes a count. */
const NAMED = 3;

type Batched = keyof typeof BATCHED;

function isBatched(type: RoomEventType): type is Batched {
  return type in BATCHED;
}

/**
 * Sentences for the events since the last announcement: "Ana and Minh joined. Li left." For a person who joined and
 * left within the batch, or muted and unmuted, only the last event is announced.
 */
export function composeAnnouncement(
  t: TFunction,
  locale: string,
  events: readonly RoomEvent[],
  enabled: Record<AnnouncementKind, boolean>,
): string {
  const last = new Map<string, { type: Batched; name: string }>();
  const single: string[] = [];
  const ownMicrophone = events.findLast(({ type }) => type === "you_muted" || type === "you_unmuted");
  for (const event of events) {
    const { type, participant } = event;
    if ((type === "you_muted" || type === "you_unmuted") && event !== ownMicrophone) continue;
    if (isBatched(type)) {
      if (participant === null || !enabled[BATCHED[type]]) continue;
      const key = `${participant.id}:${type === "hand" ? "hand" : BATCHED[type] === "mutes" ? "mute" : "presence"}`;
      last.delete(key);
      last.set(key, { type, name: participant.name });
    } else {
      const text = sentence(t, event);
      if (text) single.push(text);
    }
  }
  return [...groups(t, locale, [...last.values()]), ...single].join(" ");
}

function groups(t: TFunction, locale: string, announced: { type: Batched; name: string }[]): string[] {
  const list = new Intl.ListFormat(locale, { type: "conjunction" });
  return (Object.keys(BATCHED) as Batched[]).flatMap((type) => {
    const names = announced.filter((one) => one.type === type).map((one) => one.name);
    if (names.length === 0) return [];
    const hidden = names.length - NAMED;
    const shown = hidden > 1 ? [...names.slice(0, NAMED), t("announce.others", { count: hidden })] : names;
    return [t(`announce.${type}`, { count: names.length, names: list.format(shown) })];
  });
}

function sentence(t: TFunction, { type, participant }: RoomEvent): string | null {
  const name = participant?.name ?? "";
  switch (type) {
    case "host":
      return t("announce.newHost", { name });
    case "you_are_host":
      return t("announce.youAreHost");
    case "you_muted":
      return t("announce.youMuted");
    case "you_unmuted":
      return t("announce.youUnmuted");
    case "you_muted_by_host":
      return t("announce.youMutedByHost");
    case "locked":
      return t("announce.locked");
    case "unlocked":
      return t("announce.unlocked");
    case "disconnected":
      return t("announce.disconnected", { name });
    case "reconnected":
      return t("announce.reconnected", { name });
    default:
      return null;
  }
}
