import { AuthSession, SESSION_KEY } from "./auth-session";
import { Call } from "./call";
import { debugWanted, exposeDebug } from "./debug";
import { Lobby } from "./lobby";
import { MessagePlayer } from "./message-player";
import { Microphone } from "./microphone";
import { sendPageClosed } from "./page-closed";
import { Playback } from "./playback";
import { browserRecognition, Recognition } from "./recognition";
import { ResumeTokenStore } from "./resume-token";
import { settings } from "./settings";
import { createSocket } from "./socket";
import { local, perTab } from "./storage";
import { TransportRoute } from "./transport-route";

/** The composition root of the client: the only place that connects the parts of the core. */
function build() {
  const session = new AuthSession({
    fetch: (...args) => fetch(...args),
    storage: local,
    now: () => Date.now(),
    timeZone: () => Intl.DateTimeFormat().resolvedOptions().timeZone ?? null,
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
  const token = () => session.token();
  const microphone = new Microphone(settings);
  const playback = new Playback(settings);
  const isSignedIn = () => session.store.getState().status === "signed-in";
  const route = new TransportRoute(perTab);
  window.addEventListener("online", () => route.networkChanged());
  const lobby = new Lobby(
    () => createSocket("/lobby", token, route),
    isSignedIn,
    () => session.renew(),
  );
  const call = new Call({
    createSocket: () => createSocket("/rooms", token, route),
    createPeer: (configuration) => new RTCPeerConnection(configuration),
    resumeTokens: new ResumeTokenStore(perTab, () => Date.now(), sendPageClosed),
    microphone,
    playback,
    now: () => performance.now(),
    renewToken: async () => {
      await session.renew();
      return isSignedIn();
    },
  });

  const { api } = session;
  const recognition = new Recognition(browserRecognition(), (text, isFinal) =>
    call.send("recognized", { text, isFinal }),
  );
  const player = new MessagePlayer({
    fetchAudio: (conversationId, messageId) =>
      api.getBlob(`/conversations/${conversationId}/messages/${messageId}/audio`),
    createAudio: () => new Audio(),
  });

  local.onChange(SESSION_KEY, () => session.restore());
  // A session that ends in one tab ends all that it allowed in every tab.
  session.ended.on(() => {
    void call.leave("signed_out");
    microphone.stop();
    player.stop();
  });
  session.store.subscribe((now, before) => {
    if (now.user?.id !== before.user?.id) lobby.restart();
  });
  void session.refresh();
  if (debugWanted()) exposeDebug(call, playback);
  return { session, api, settings, microphone, playback, lobby, call, recognition, player, route };
}

export const parlor = build();
