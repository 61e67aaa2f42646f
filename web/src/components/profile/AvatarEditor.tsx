import { Button, FileButton, Text } from "@mantine/core";
import { IconArrowsShuffle, IconTrash, IconUpload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { User } from "../../protocol";
import { FormError } from "../common/form-errors";
import { PersonAvatar } from "../common/PersonAvatar";
import classes from "./AvatarEditor.module.css";
import { useAvatarEditor } from "./useAvatarEditor";

export function AvatarEditor({ user }: { user: User }) {
  const { t } = useTranslation();
  const editor = useAvatarEditor(user);
  return (
    <div className={classes.editor}>
      <PersonAvatar person={{ ...user, avatarUrl: editor.shownUrl }} size={112} className={classes.current} />
      <div className={classes.tools}>
        <fieldset className={classes.faces} disabled={editor.isBusy}>
          <legend className={classes.legend}>{t("profile.choose")}</legend>
          {editor.faces.map((url, index) => (
            <button
              key={url}
              type="button"
              className={classes.face}
              aria-label={t("profile.face", { number: index + 1 })}
              aria-pressed={user.avatarUrl === url}
              onClick={() => editor.pick(url)}
            >
              <img src={url} alt="" width={44} height={44} />
            </button>
          ))}
          <Button
            variant="subtle"
            leftSection={<IconArrowsShuffle size={18} aria-hidden="true" />}
            title={t("profile.shuffleHint")}
            onClick={editor.shuffle}
          >
            {t("profile.shuffle")}
          </Button>
        </fieldset>
        <div className={classes.buttons}>
          <FileButton accept="image/png,image/jpeg,image/webp,image/gif" onChange={editor.upload}>
            {(props) => (
              <Button
                {...props}
                variant="light"
                loading={editor.isBusy}
                leftSection={<IconUpload size={18} aria-hidden="true" />}
              >
                {t("profile.upload")}
              </Button>
            )}
          </FileButton>
          {editor.isUploaded && (
            <Button
              variant="subtle"
              leftSection={<IconTrash size={18} aria-hidden="true" />}
              disabled={editor.isBusy}
              onClick={editor.remove}
            >
              {t("profile.remove")}
            </Button>
          )}
        </div>
        <Text size="sm" c="dimmed">
          {t("profile.uploadHint")}
        </Text>
        {editor.error && <FormError>{editor.error}</FormError>}
      </div>
    </div>
  );
}
