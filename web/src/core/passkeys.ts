/** Why no passkey can be used on this page. `other_host`: they are for pages of another host. */
export type PasskeyProblem = "insecure" | "other_host" | "unsupported";

/** `host`: whose pages may use the server's passkeys; null if its address allows none. */
export function passkeyProblem(
  host: string | null,
  page: { hostname: string; isSecure: boolean; isSupported: boolean },
): PasskeyProblem | null {
  if (host === null) return "insecure";
  if (page.hostname !== host) return "other_host";
  if (!page.isSecure) return "insecure";
  return page.isSupported ? null : "unsupported";
}

/** The answer to the server's options, both as JSON of WebAuthn level 3; null if the person cancelled. */
export async function createPasskey(optionsJson: string): Promise<string | null> {
  const options = JSON.parse(optionsJson) as PublicKeyCredentialCreationOptionsJSON;
  const made = await unlessCancelled(
    navigator.credentials.create({
      publicKey: {
        ...(options as unknown as PublicKeyCredentialCreationOptions),
        challenge: bytes(options.challenge),
        user: { ...options.user, id: bytes(options.user.id) },
        excludeCredentials: (options.excludeCredentials ?? []).map(({ id }) => ({
          type: "public-key",
          id: bytes(id),
        })),
      },
    }),
  );
  if (!made) return null;
  const { clientDataJSON, attestationObject } = made.response as AuthenticatorAttestationResponse;
  return credentialJson(made, { clientDataJSON, attestationObject });
}

/** As `createPasskey`, for a sign-in. */
export async function askPasskey(optionsJson: string): Promise<string | null> {
  const options = JSON.parse(optionsJson) as PublicKeyCredentialRequestOptionsJSON;
  const shown = await unlessCancelled(
    navigator.credentials.get({
      publicKey: {
        ...(options as unknown as PublicKeyCredentialRequestOptions),
        challenge: bytes(options.challenge),
        allowCredentials: [],
      },
    }),
  );
  if (!shown) return null;
  const response = shown.response as AuthenticatorAssertionResponse;
  const { clientDataJSON, authenticatorData, signature, userHandle } = response;
  return credentialJson(shown, { clientDataJSON, authenticatorData, signature, userHandle });
}

/** Browsers do not tell a click on Cancel from a passkey that is not there, so that pages learn nothing of people. */
async function unlessCancelled(asked: Promise<Credential | null>): Promise<PublicKeyCredential | null> {
  try {
    return (await asked) as PublicKeyCredential | null;
  } catch (error) {
    if (error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "AbortError"))
      return null;
    throw error;
  }
}

function credentialJson(
  { id, rawId, type }: PublicKeyCredential,
  parts: Record<string, ArrayBuffer | null>,
): string {
  const response: Record<string, string> = {};
  for (const [name, part] of Object.entries(parts)) if (part) response[name] = base64url(part);
  return JSON.stringify({ id, rawId: base64url(rawId), type, response });
}

/** Browsers have had methods for this only since 2025 (Safari 18.4). */
function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
}

function base64url(buffer: ArrayBuffer): string {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
