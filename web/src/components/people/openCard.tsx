import { modals } from "@mantine/modals";
import { loadedLater, withRetries } from "../../core/lazy-load";
import { i18n, speakOf } from "../../i18n";
import { LazyPart } from "../common/LazyPart";

const personCard = loadedLater(async () => {
  const [{ PersonCardView }] = await Promise.all([
    import("./PersonCardView"),
    withRetries(() => speakOf("people")),
  ]);
  return PersonCardView;
});

/** Opens a person's profile card. `roomId`: the room in which both are, into which a friend elsewhere could be invited. */
export function openCard(person: { userId: string; name: string; roomId?: string | undefined }): void {
  const modalId = modals.open({
    title: i18n.t("people.openCard", { name: person.name }),
    closeButtonProps: { "aria-label": i18n.t("app.close") },
    children: (
      <LazyPart
        load={personCard}
        props={{ userId: person.userId, roomId: person.roomId, onDone: () => modals.close(modalId) }}
      />
    ),
  });
}
