import type {
  FriendRoom,
  Level,
  ListedRoom,
  ListedUser,
  OnlineUser,
  Participant,
  PersonCard,
  Room,
  User,
} from "../protocol";

/** Invented people and rooms for the gallery. */

export const ME: User = {
  id: "u-me",
  name: "Thảo Nguyễn",
  nativeLanguage: "vi",
  learningLevel: "B1",
  country: "VN",
  avatarUrl: "/api/avatars/g/thao.svg",
  keepMyAudio: false,
  isHidden: false,
  acceptedRules: true,
  timeZone: "Asia/Ho_Chi_Minh",
  zoneIsChosen: false,
  about: "Nurse from Huế. I like films, cooking and long walks, and I am learning to argue politely.",
  alsoSpeaks: ["fr"],
  practises: ["en", "ja"],
  presence: "online",
  createdAt: "2026-11-20T19:00:00.000Z",
};

type Brief = [name: string, country: string | null, level: Level | null, language: string];

const PEOPLE: Brief[] = [
  ["Mateo", "MX", "B1", "es"],
  ["Aiko Tanaka", "JP", "B2", "ja"],
  ["Fatima Zahra", "MA", "B1", "ar"],
  ["Jonas", "DE", "C1", "de"],
  ["Priya", "IN", "B2", "hi"],
  ["Olena", "UA", "A2", "uk"],
  ["Camille Dubois", "FR", "B1", "fr"],
  ["Kofi", "GH", null, "en"],
  ["Minh Anh", "VN", "A2", "vi"],
  ["Bartholomew Featherstonehaugh-Ng", "GB", "C2", "en"],
  ["Seo-yeon", "KR", "B1", "ko"],
];

function participant(
  id: string,
  user: Pick<User, "id" | "name" | "nativeLanguage" | "learningLevel" | "country" | "avatarUrl">,
  change: Partial<Participant> = {},
): Participant {
  return {
    kind: "person",
    isMuted: true,
    isSpeaking: false,
    handRaised: false,
    handRaisedAt: null,
    heardByTutor: true,
    joinedAt: "2026-11-20T19:00:00.000Z",
    connection: "connected",
    isHidden: false,
    isBlocked: false,
    userId: user.id,
    name: user.name,
    nativeLanguage: user.nativeLanguage,
    learningLevel: user.learningLevel,
    country: user.country,
    avatarUrl: user.avatarUrl,
    id,
    ...change,
  };
}

export function person(index: number, change: Partial<Participant> = {}): Participant {
  const [name, country, learningLevel, nativeLanguage] =
    PEOPLE[index % PEOPLE.length] ?? (PEOPLE[0] as Brief);
  const user = {
    id: `u-${index}`,
    name,
    country,
    learningLevel,
    nativeLanguage,
    avatarUrl: `/api/avatars/g/p${index}.svg`,
  };
  return participant(`p-${index}`, user, change);
}

export function myself(change: Partial<Participant> = {}): Participant {
  return participant("p-me", ME, change);
}

export function people(count: number): Participant[] {
  return Array.from({ length: count }, (_, index) => person(index));
}

export function room(id: string, change: Partial<Room> = {}, present = 3): Room {
  const participants = change.participants ?? people(present);
  return {
    id,
    name: "Coffee and small talk",
    topic: "What did you do today, and what would you rather have done?",
    level: "B1",
    type: "public",
    language: "en",
    hostId: "u-0",
    isLocked: false,
    knockToEnter: false,
    maxParticipants: 12,
    participantCount: participants.length,
    participants,
    tags: ["daily life", "food"],
    tutor: null,
    cohostIds: [],
    chatOpen: true,
    linksAllowed: false,
    tutorAllowed: true,
    event: null,
    createdAt: "2026-11-20T18:40:00.000Z",
    ...change,
  };
}

function listedRoom(id: string, change: Partial<Room> = {}, present = 3): ListedRoom {
  const { hostId: _host, tutor: _tutor, participants, ...shown } = room(id, change, present);
  return { ...shown, participants: participants.slice(0, 3), seatCount: participants.length };
}

export const ROOMS: ListedRoom[] = [
  listedRoom("r1", {}, 5),
  listedRoom(
    "r2",
    { name: "First words", level: "A1", topic: "Say hello, count to ten, order a tea.", tags: ["beginners"] },
    2,
  ),
  listedRoom(
    "r3",
    {
      name: "Street food of the world",
      level: "A2",
      topic: "Bring one dish and tell us how it is made.",
      tags: ["food", "travel", "cooking"],
    },
    8,
  ),
  listedRoom(
    "r4",
    {
      name: "Will we still need offices in ten years, and should we?",
      level: "B2",
      topic:
        "Remote work, cities, and what we lose when nobody meets at the coffee machine any more. Bring an example from your own job.",
      tags: ["work", "debate"],
      maxParticipants: 6,
    },
    6,
  ),
  listedRoom(
    "r5",
    {
      name: "Between the lines",
      level: "C1",
      topic: "Irony, hints and polite refusals.",
      tags: ["culture"],
      isLocked: true,
    },
    4,
  ),
  listedRoom(
    "r6",
    {
      name: "Quán cà phê tiếng Việt",
      level: "C2",
      language: "vi",
      topic: "Thơ, nhạc và chuyện đời.",
      tags: ["tiếng việt"],
    },
    1,
  ),
  listedRoom(
    "r7",
    { name: "سهرة على الشاي (B1)", level: "B1", topic: "", tags: ["شاي"], knockToEnter: true },
    0,
  ),
];

export const ONLINE: OnlineUser[] = people(11).map(({ userId, name, avatarUrl, learningLevel, country }) => ({
  id: userId,
  name,
  avatarUrl,
  learningLevel,
  country,
}));

const FRIEND_ROOM: FriendRoom = {
  id: "r1",
  name: "Coffee and small talk",
  language: "en",
  level: "B1",
  isLocked: false,
  knockToEnter: false,
  isFull: false,
};

/** The fields in which the people of the lists differ. */
const KNOWN: Partial<ListedUser>[] = [
  { youFollow: true, followsYou: true, isOnline: true, room: FRIEND_ROOM, note: "Met at the film club." },
  { youFollow: true, followsYou: true, isOnline: true },
  {
    followsYou: true,
    note: "Teaches Arabic; wants to practise small talk, and cooks better than anybody else here.",
  },
  { youFollow: true, followsYou: true, isOnline: true, room: { ...FRIEND_ROOM, isFull: true } },
  {},
];

export const LISTED_PEOPLE: ListedUser[] = people(5).map(
  ({ userId, name, avatarUrl, learningLevel, country }, index) => ({
    id: userId,
    name,
    avatarUrl,
    learningLevel,
    country,
    since: "2026-11-20T18:40:00.000Z",
    youFollow: false,
    followsYou: false,
    note: "",
    roomName: null,
    isOnline: false,
    room: null,
    ...KNOWN[index],
  }),
);

export const CARD: PersonCard = {
  id: "u-0",
  name: "Mateo",
  avatarUrl: "/api/avatars/g/p0.svg",
  about: "Luthier from Oaxaca. I build guitars, and I would like to explain in English how.",
  nativeLanguage: "es",
  alsoSpeaks: ["pt-BR"],
  practises: ["en", "vi"],
  learningLevel: "B1",
  country: "MX",
  memberSince: "2026-03-02T10:00:00.000Z",
  youFollow: true,
  followsYou: true,
  note: "Met at the film club.",
  metAt: "2026-11-18T19:00:00.000Z",
  isOnline: true,
  room: FRIEND_ROOM,
};
