import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../../hooks";
import { errorText } from "../../i18n/error-text";
import type { User } from "../../protocol";

const FACES = 6;
const MAX_BYTES = 5 * 1024 * 1024;
const TYPES = new Set(["image/png", "image/jpeg", "image/webp", "image/gif"]);
const GENERATED = "/api/avatars/g/";

function drawFaces(): string[] {
  return Array.from(
    { length: FACES },
    () => `${GENERATED}${crypto.getRandomValues(new Uint32Array(1))[0]}.svg`,
  );
}

/** Selects a generated face or uploads a picture, which is shown at once while it is uploaded. */
export function useAvatarEditor(user: User) {
  const { t } = useTranslation();
  const { updateProfile, uploadAvatar, removeAvatar } = useSession();
  const [faces, setFaces] = useState(drawFaces);
  const [preview, setPreview] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  useEffect(() => {
    if (preview) return () => URL.revokeObjectURL(preview);
  }, [preview]);

  const run = async (action: () => Promise<unknown>) => {
    setBusy(true);
    setError(null);
    try {
      await action();
    } catch (reason) {
      setError(errorText(t, reason));
    } finally {
      setBusy(false);
      setPreview(null);
    }
  };

  return {
    faces,
    isBusy,
    error,
    shownUrl: preview ?? user.avatarUrl,
    isUploaded: !user.avatarUrl.startsWith(GENERATED),
    shuffle: () => setFaces(drawFaces()),
    pick: (avatarUrl: string) => void run(() => updateProfile({ avatarUrl })),
    remove: () => void run(removeAvatar),
    upload: (file: File | null) => {
      if (!file) return;
      if (!TYPES.has(file.type)) return setError(t("profile.wrongType"));
      if (file.size > MAX_BYTES) return setError(t("profile.tooLarge"));
      setPreview(URL.createObjectURL(file));
      void run(() => uploadAvatar(file));
    },
  };
}
