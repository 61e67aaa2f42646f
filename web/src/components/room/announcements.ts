import type { TFunction } from "i18next";
import type { AnnouncementKind, RoomEvent, RoomEventType } from "../../hooks";
import type { ChatLine } from "../../protocol";

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

/** Of the events with the same subject in a batch, only the last is announced. */
const SUBJECTS: Partial<Record<RoomEventType, string>> = {
  joined: "presence",
  left: "presence",
  leaving: "presence",
  gone: "presence",
  disconnected: "presence",
  reconnected: "presence",
  muted: "mute",
  unmuted: "mute",
  hand: "hand",
  reaction: "reaction",
  you_muted: "mute",
  you_unmuted: "mute",
};

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
  const last = new Map<string | RoomEvent, RoomEvent>();
  for (const event of events) {
    const subject = SUBJECTS[event.type];
    const key = subject && event.participant ? `${event.participant.id}:${subject}` : event;
    // A person who joins and reloads the page at once is still new to the others.
    if (last.get(key)?.type === "joined" && event.type !== "left" && event.type !== "gone") continue;
    last.delete(key);
    last.set(key, event);
  }
  const announced: { type: Batched; name: string }[] = [];
  const single: string[] = [];
  const lines: ChatLine[] = [];
  for (const event of last.values()) {
    const { type, participant, line } = event;
    if (line && enabled.chat) lines.push(line);
    if (!isBatched(type)) single.push(sentence(t, event, enabled) ?? "");
    else if (participant && enabled[BATCHED[type]]) announced.push({ type, name: participant.name });
  }
  return [...groups(t, locale, announced), ...single, ...written(t, locale, lines)].filter(Boolean).join(" ");
}

/** Each line while there are few; of many, who wrote. */
function written(t: TFunction, locale: string, lines: readonly ChatLine[]): string[] {
  if (lines.length <= NAMED) return lines.map(({ name, text }) => t("announce.chat", { name, text }));
  const names = [...new Set(lines.map(({ name }) => name))].slice(0, NAMED);
  const list = new Intl.ListFormat(locale, { type: "conjunction" });
  return [t("announce.chatMany", { count: lines.length, names: list.format(names) })];
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

/** Null for events that are not announced here: toasts announce those of the host and of the room. */
function sentence(
  t: TFunction,
  { type, participant, reaction }: RoomEvent,
  enabled: Record<AnnouncementKind, boolean>,
): string | null {
  const name = participant?.name ?? "";
  switch (type) {
    case "you_muted":
      return t("announce.youMuted");
    case "you_unmuted":
      return t("announce.youUnmuted");
    case "you_muted_by_host":
      return t("announce.youMutedByHost");
    case "disconnected":
      return t("announce.disconnected", { name });
    case "reconnected":
      return t("announce.reconnected", { name });
    case "reaction":
      if (!reaction || !enabled.reactions) return null;
      return t("announce.reaction", { name, reaction: t(`reactions.names.${reaction}`) });
    case "gone":
      return enabled.leaves ? t("announce.gone", { name }) : null;
    default:
      return null;
  }
}

/** The next text of a live region. Screen readers do not repeat an unchanged text; a trailing space changes it. */
export function spokenAfter(last: string, text: string): string {
  return last === text ? `${text} ` : text;
}
