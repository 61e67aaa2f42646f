import { account } from "./account";
import { Call } from "./call";
import { callActivity } from "./call-activity";
import { debugWanted, exposeDebug } from "./debug";
import { Lobby } from "./lobby";
import { MessagePlayer } from "./message-player";
import { Microphone } from "./microphone";
import { noticesChanged } from "./notices";
import { sendPageClosed } from "./page-closed";
import { Playback } from "./playback";
import { browserRecognition, Recognition } from "./recognition";
import { ResumeTokenStore } from "./resume-token";
import { createSocket } from "./socket";
import { standingChanged } from "./standing";
import { perTab } from "./storage";
import { TransportRoute } from "./transport-route";

/** The server examines the lost one for 1.5 s. */
const FIND_NODE_TIMEOUT_MS = 2_500;

/** The composition root of the client: with `account.ts` the only place that connects the parts of the core. */
function build() {
  const { session, api, settings } = account;
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
    createSocket: (base) => createSocket("/rooms", token, route, base),
    findNode: (roomId, lost) =>
      api.get(`/rooms/${encodeURIComponent(roomId)}/node`, {
        query: { not: lost },
        timeoutMs: FIND_NODE_TIMEOUT_MS,
      }),
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

  const recognition = new Recognition(browserRecognition(), (text, isFinal) =>
    call.send("recognized", { text, isFinal }),
  );
  const player = new MessagePlayer({
    fetchAudio: (conversationId, messageId) =>
      api.getBlob(`/conversations/${conversationId}/messages/${messageId}/audio`),
    createAudio: () => new Audio(),
  });

  call.store.subscribe(({ phase }) => {
    const isInCall = phase !== "idle" && phase !== "ended";
    callActivity.setState({ isInCall });
  });
  lobby.changes.on((change) => {
    if (change.name === "standing_changed") standingChanged.emit();
    if (change.name === "notices") noticesChanged.emit(change);
  });
  // A session that ends in one tab ends all that it allowed in every tab.
  session.ended.on(() => {
    void call.leave("signed_out");
    microphone.stop();
    player.stop();
  });
  session.store.subscribe((now, before) => {
    if (now.user?.id !== before.user?.id) lobby.restart();
  });
  if (debugWanted()) exposeDebug(call, playback);
  return {
    session,
    api,
    settings,
    microphone,
    playback,
    lobby,
    call,
    recognition,
    player,
    route,
  };
}

export const parlor = build();
