import type { IceServer } from "../protocol";
import { type MediaSample, readStats } from "./stats";

const MICROPHONE_MID = "0";

export type CreatePeer = (configuration: RTCConfiguration) => RTCPeerConnection;

/** One RTCPeerConnection that answers the server's offers: mid 0 is our microphone, the others are slots. */
export class PeerLink {
  private readonly peer: RTCPeerConnection;

  constructor(
    createPeer: CreatePeer,
    iceServers: readonly IceServer[],
    private readonly onState: (state: RTCPeerConnectionState) => void,
  ) {
    this.peer = createPeer({ iceServers: iceServers.map(iceServer), bundlePolicy: "max-bundle" });
    this.peer.addEventListener("connectionstatechange", () => this.onState(this.peer.connectionState));
  }

  get state(): RTCPeerConnectionState {
    return this.peer.connectionState;
  }

  /**
   * The SDP to send back. Without a track mid 0 is answered `sendonly` all the same, so that a microphone can
   * come later without negotiation. The server is lite and learns our addresses from our checks, so nothing
   * waits for candidates.
   */
  async answer(sdp: string, track: () => MediaStreamTrack | null): Promise<string> {
    await this.peer.setRemoteDescription({ type: "offer", sdp });
    const microphone = this.microphone();
    if (microphone) {
      microphone.direction = "sendonly";
      await microphone.sender.replaceTrack(track());
    }
    const answer = await this.peer.createAnswer();
    await this.peer.setLocalDescription(answer);
    return this.peer.localDescription?.sdp ?? answer.sdp ?? "";
  }

  async setTrack(track: MediaStreamTrack | null): Promise<void> {
    await this.microphone()?.sender.replaceTrack(track);
  }

  /** By mid, the microphone aside. */
  receivers(): Map<string, RTCRtpReceiver> {
    const slots = this.peer.getTransceivers().filter(({ mid }) => mid !== null && mid !== MICROPHONE_MID);
    return new Map(slots.map(({ mid, receiver }) => [mid ?? "", receiver]));
  }

  async sample(at: number): Promise<MediaSample> {
    const report = await this.peer.getStats();
    return readStats(report.values(), at);
  }

  stats(): Promise<RTCStatsReport> {
    return this.peer.getStats();
  }

  close(): void {
    this.peer.close();
  }

  private microphone(): RTCRtpTransceiver | undefined {
    return this.peer.getTransceivers().find(({ mid }) => mid === MICROPHONE_MID);
  }
}

function iceServer({ urls, username, credential }: IceServer): RTCIceServer {
  return { urls, ...(username ? { username } : {}), ...(credential ? { credential } : {}) };
}
