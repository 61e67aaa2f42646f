import { Button } from "@mantine/core";
import { IconDeviceMobile } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { renderSVG } from "uqr";
import { useAccountActions } from "../../hooks";
import type { DeviceCode } from "../../protocol";
import classes from "./Account.module.css";
import { useOrNotify } from "./useOrNotify";

/** A code and its QR code, with which another device is signed in. They disappear when they expire. */
export function OtherDevice() {
  const { t } = useTranslation();
  const { makeDeviceCode } = useAccountActions();
  const { isBusy, run } = useOrNotify();
  const [made, setMade] = useState<DeviceCode | null>(null);
  useEffect(() => {
    if (!made) return;
    const timer = setTimeout(() => setMade(null), made.expiresIn * 1000);
    return () => clearTimeout(timer);
  }, [made]);
  return (
    <div className={classes.stack}>
      <p>{t("account.deviceText")}</p>
      {made && <Code made={made} />}
      <Button
        variant="light"
        loading={isBusy}
        leftSection={<IconDeviceMobile size={20} aria-hidden="true" />}
        onClick={() => void run(async () => setMade(await makeDeviceCode()))}
      >
        {t(made ? "account.deviceAgain" : "account.deviceShow")}
      </Button>
    </div>
  );
}

function Code({ made: { code, expiresIn } }: { made: DeviceCode }) {
  const { t } = useTranslation();
  const page = `${window.location.origin}/sign-in`;
  // Behind the #: browsers send that to no server.
  const svg = renderSVG(`${page}#code=${code}`, { border: 0 });
  return (
    <div className={classes.device}>
      <div
        className={classes.qr}
        role="img"
        aria-label={t("account.qr")}
        // biome-ignore lint/security/noDangerouslySetInnerHtml: the library's squares, of a code that the server made
        dangerouslySetInnerHTML={{ __html: svg }}
      />
      <div className={classes.stack} role="status">
        <p>{t("account.deviceCode", { page: page.replace(/^https?:\/\//, "") })}</p>
        <p className={classes.code}>{code}</p>
        <p className={classes.note}>{t("account.deviceOnce", { minutes: Math.round(expiresIn / 60) })}</p>
      </div>
    </div>
  );
}
