/* The sending side of a peer: from a decrypted packet to packets ready for every slot. */
#ifndef PARLOR_PUBLISHER_H
#define PARLOR_PUBLISHER_H

#include "counters.h"
#include "peer.h"
#include "red.h"
#include "rtp.h"

enum { MAX_SEQUENCED = RED_MAX_BLOCKS + 1 };

/* A decrypted, well-formed packet. The first `older` of `blocks` hold earlier payloads, oldest first.
 * `level` in -dBov. Points into the datagram. */
struct parsed {
    struct rtp_packet packet;
    struct span payload;
    unsigned older;
    struct red_block blocks[RED_MAX_BLOCKS + 1];
    int level;
};

void publisher_set_answer(struct publisher *publisher, const struct answer *answer);

/* Why an RTP packet of at least RTP_HEADER bytes is dropped before it is decrypted; DROP_NONE to accept it. */
enum drop publisher_refuses(const struct publisher *publisher, const uint8_t *datagram);

/* False: malformed. */
bool publisher_parse(const struct publisher *publisher, const uint8_t *data, size_t size, struct parsed *parsed);

/* For reports and NACKs. */
void publisher_note_arrival(struct publisher *publisher, const struct rtp_packet *packet, double now);

/* Place a packet on the timeline, after the lost packets that its redundancy recovers. Returns how many of `packets`
 * were filled; if none, `drop` has the reason. */
unsigned publisher_assign_sequence(struct publisher *publisher, const struct parsed *parsed, double now,
    struct packet *packets[MAX_SEQUENCED], enum drop *drop);

/* Carry out the gate's effect; returns how many frames of silence close the stream. */
unsigned publisher_apply(
    struct publisher *publisher, enum effect effect, double now, struct packet *packets[SILENCE_FRAMES]);

/* The next packet does not continue the stream. */
void publisher_interrupt(struct publisher *publisher);

/* Pass a packet's level to the gate: a silent one ends the wait for the last word. */
enum effect publisher_note_level(struct publisher *publisher, int level, double now);

#endif
