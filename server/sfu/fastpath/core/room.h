/* Audio state of a room: its dominant speaker, and loudest-k forwarding. */
#ifndef PARLOR_ROOM_H
#define PARLOR_ROOM_H

#include "peer.h"

/* A room lives as long as it has members. */
struct room {
    uint64_t number;
    struct peer *first, *last;
    struct peer *dominant;
    double decide_at;
    struct room *next, *previous; /* of the rooms with members; free rooms use `next` only */
};

void room_enter(struct room *room, struct peer *peer);
void room_leave(struct room *room, struct peer *peer);

/* On leaving and on mute. True if this peer was dominant. */
bool room_forget_voice(struct room *room, struct peer *peer);

/* True if the dominant speaker has changed. */
bool room_on_time(struct room *room, double now);

/* Note a packet's level (-dBov); returns whether the packet is among the `count` loudest. Energy is smoothed
 * as in Jitsi's ranking and expires 150 ms after the last packet. `count` 0 admits everyone. */
bool room_admits(struct room *room, struct peer *peer, unsigned count, int level, double now);

#endif
