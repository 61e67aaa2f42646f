import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { loadedLater } from "../../core/lazy-load";
import type { TalkHook, TalkTrouble } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import { LazyPart } from "../common/LazyPart";
import { StatusPage } from "../common/StatusPage";
import { endKind } from "../room/EndView";

const talkSummary = loadedLater(async () => (await import("../review/TalkSummary")).TalkSummary);

/** After a talk: its summary, where to read it, and another one. */
export function TalkEnded({ talk, onAgain }: { talk: TalkHook; onAgain(): void }) {
  const { t } = useTranslation();
  const { conversationId, dialogue } = talk;
  const wasTalk = conversationId !== null && dialogue.lines.length > 0;
  return (
    <>
      <StatusPage title={t("talk.ended")} text={t("end.left_practice.text")} autoFocus>
        <Button onClick={onAgain}>{t("talk.again")}</Button>
        <Button
          component={Link}
          to={wasTalk ? `/practice/history/${conversationId}` : "/practice/history"}
          variant="default"
        >
          {t(wasTalk ? "coach.thisTalk" : "practice.history")}
        </Button>
      </StatusPage>
      {conversationId !== null && (
        <LazyPart load={talkSummary} props={{ conversationId, hasJustEnded: true }} />
      )}
    </>
  );
}

/** A talk that could not begin, or cannot go on by itself. */
export function TalkFailed({ talk, onAgain }: { talk: TalkHook; onAgain(): void }) {
  const { t } = useTranslation();
  const { kept, trouble, error } = talk;
  const text = useTroubleText(trouble, error);
  return (
    <StatusPage title={t("talk.failed")} text={text} autoFocus>
      {kept ? (
        <Button onClick={talk.resume}>{t("talk.resume")}</Button>
      ) : (
        <Button onClick={onAgain}>{t("app.retry")}</Button>
      )}
      {kept && (
        <Button variant="default" onClick={onAgain}>
          {t("talk.again")}
        </Button>
      )}
      <Button component={Link} to="/practice" variant="default">
        {t("talk.toPractice")}
      </Button>
    </StatusPage>
  );
}

function useTroubleText(trouble: TalkTrouble | null, error: unknown): string {
  const { t } = useTranslation();
  if (trouble?.kind === "ended") {
    const kind = endKind(trouble.end, false);
    return kind === "error" && trouble.end.problem
      ? errorText(t, trouble.end.problem)
      : t(`end.${kind}.text`);
  }
  if (trouble?.kind === "refused") return errorText(t, trouble);
  if (trouble) return t(`talk.trouble.${trouble.kind}`);
  return errorText(t, error);
}
