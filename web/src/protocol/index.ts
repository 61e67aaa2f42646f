// First version, written by hand after server/protocol; scripts/protocol.mjs generates it from then on.

export type Level = "A1" | "A2" | "B1" | "B2" | "C1" | "C2";
export type RoomType = "public" | "private" | "ai";
export type ParticipantKind = "person" | "tutor";
export type Connection = "connecting" | "connected" | "disconnected";

export interface LevelInfo {
  id: Level;
  name: string;
  description: string;
  color: string;
}
export interface User {
  id: string;
  name: string;
  nativeLanguage: string | null;
  learningLevel: Level | null;
  country: string | null;
  avatarUrl: string;
  createdAt: string;
}
export interface Participant {
  id: string;
  userId: string;
  kind: ParticipantKind;
  name: string;
  avatarUrl: string;
  nativeLanguage: string | null;
  learningLevel: Level | null;
  country: string | null;
  isMuted: boolean;
  isSpeaking: boolean;
  handRaised: boolean;
  joinedAt: string;
  connection: Connection;
}
export interface Room {
  id: string;
  name: string;
  topic: string;
  level: Level;
  type: RoomType;
  language: string;
  hostId: string;
  isLocked: boolean;
  maxParticipants: number;
  participantCount: number;
  participants: Participant[];
  tags: string[];
  createdAt: string;
}
export interface OnlineUser {
  id: string;
  name: string;
  avatarUrl: string;
  learningLevel: Level | null;
  country: string | null;
}
export interface FieldError {
  path: string;
  message: string;
}
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  retryable: boolean;
  errors?: FieldError[] | null;
  retryAfter?: number | null;
}
export interface GuestRequest {
  name: string;
  nativeLanguage?: string | null;
  learningLevel?: Level | null;
  country?: string | null;
  avatarUrl?: string | null;
}
export interface Session {
  token: string;
  expiresIn: number;
  user: User;
}
export interface UserPatch {
  name?: string | null;
  nativeLanguage?: string | null;
  learningLevel?: Level | null;
  country?: string | null;
  avatarUrl?: string | null;
}
export interface LevelList {
  items: LevelInfo[];
}
export interface RoomPage {
  items: Room[];
  nextCursor: string | null;
}
export interface CreateRoom {
  name: string;
  topic?: string;
  level: Level;
  type?: RoomType;
  maxParticipants?: number;
  tags?: string[];
  language?: string;
}
export interface CreatedRoom extends Room {
  invite: string | null;
}
export interface InviteState {
  invite: string | null;
  path: string;
}
