import { modals } from "@mantine/modals";
import { loadedLater, withRetries } from "../../core/lazy-load";
import { i18n, speakOf } from "../../i18n";
import { LazyPart } from "../common/LazyPart";
import type { ReportTarget } from "./ReportForm";

const reportForm = loadedLater(async () => {
  const [{ ReportForm }] = await Promise.all([import("./ReportForm"), withRetries(() => speakOf("safety"))]);
  return ReportForm;
});

/** Opens the form that reports a person, from wherever they are shown. */
export function openReport(target: ReportTarget): void {
  const modalId = modals.open({
    title: i18n.t("app.reportNamed", { name: target.name }),
    closeButtonProps: { "aria-label": i18n.t("app.close") },
    children: <LazyPart load={reportForm} props={{ target, onDone: () => modals.close(modalId) }} />,
  });
}
