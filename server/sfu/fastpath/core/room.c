#include "room.h"

#define ENERGY_EXPIRY_SECONDS 0.150

void room_enter(struct room *room, struct peer *peer)
{
    peer->room = room;
    peer->next_in_room = NULL;
    peer->previous_in_room = room->last;
    if (room->last)
        room->last->next_in_room = peer;
    else
        room->first = peer;
    room->last = peer;
}

void room_leave(struct room *room, struct peer *peer)
{
    *(peer->previous_in_room ? &peer->previous_in_room->next_in_room : &room->first) = peer->next_in_room;
    *(peer->next_in_room ? &peer->next_in_room->previous_in_room : &room->last) = peer->previous_in_room;
    peer->room = NULL;
}

bool room_forget_voice(struct room *room, struct peer *peer)
{
    peer->publisher.has_energy = false;
    dominance_forget(&peer->publisher.dominance);
    if (room->dominant != peer)
        return false;
    room->dominant = NULL;
    return true;
}

static bool decide(struct room *room)
{
    const struct dominance *incumbent = room->dominant ? &room->dominant->publisher.dominance : NULL;
    struct peer *best = room->dominant;
    double best_medium = 0;
    for (struct peer *peer = room->first; peer; peer = peer->next_in_room)
        if (peer->publisher.dominance.is_known)
            dominance_evaluate(&peer->publisher.dominance);
    for (struct peer *peer = room->first; peer; peer = peer->next_in_room) {
        if (!peer->publisher.dominance.is_known || peer == room->dominant)
            continue;
        struct margins margins = dominance_margins(&peer->publisher.dominance, incumbent);
        if (dominance_wins(margins, best_medium)) {
            best = peer;
            best_medium = margins.medium;
        }
    }
    bool changed = best != room->dominant;
    room->dominant = best;
    return changed;
}

bool room_on_time(struct room *room, double now)
{
    for (struct peer *peer = room->first; peer; peer = peer->next_in_room)
        dominance_on_time(&peer->publisher.dominance, now);
    if (now < room->decide_at)
        return false;
    room->decide_at = now + DECISION_SECONDS;
    return decide(room);
}

static bool is_louder(const struct publisher *other, double energy, double now)
{
    return other->has_energy && other->energy > energy && now - other->energy_at <= ENERGY_EXPIRY_SECONDS;
}

bool room_admits(struct room *room, struct peer *peer, unsigned count, int level, double now)
{
    if (count == 0)
        return true;
    struct publisher *publisher = &peer->publisher;
    bool is_fresh = publisher->has_energy && now - publisher->energy_at <= ENERGY_EXPIRY_SECONDS;
    publisher->energy = ((is_fresh ? publisher->energy : 0) + 127 - level) / 2;
    publisher->energy_at = now;
    publisher->has_energy = true;
    unsigned louder = 0;
    for (struct peer *other = room->first; other; other = other->next_in_room)
        louder += other != peer && is_louder(&other->publisher, publisher->energy, now);
    return louder < count;
}
