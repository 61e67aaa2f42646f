import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useKnockSound } from "../../hooks";
import type { Knocker } from "../../protocol";
import { spokenAfter } from "./announcements";

/** A live region has to exist before its text changes, or screen readers miss it. */
const SPEAK_AFTER_MS = 150;

/** The sentence about the newest knocks, for screen readers. A new knock also plays a sound. */
export function useKnockNews(knocks: readonly Knocker[]): string {
  const { t, i18n } = useTranslation();
  const play = useKnockSound();
  const known = useRef<ReadonlySet<string>>(new Set());
  const timers = useRef<number[]>([]);
  const [news, setNews] = useState("");

  const announce = useEffectEvent((fresh: readonly Knocker[]) => {
    play();
    const names = new Intl.ListFormat(i18n.language).format(fresh.map(({ name }) => name));
    const sentence = t("door.news", { count: fresh.length, names });
    timers.current.push(
      window.setTimeout(() => setNews((last) => spokenAfter(last, sentence)), SPEAK_AFTER_MS),
    );
  });

  useEffect(() => {
    const fresh = knocks.filter(({ id }) => !known.current.has(id));
    known.current = new Set(knocks.map(({ id }) => id));
    if (fresh.length > 0) announce(fresh);
  }, [knocks]);
  useEffect(
    () => () => {
      for (const timer of timers.current) window.clearTimeout(timer);
    },
    [],
  );
  return news;
}
