/* Mute in the data plane: a gate that only an unmute command opens.
 *
 * A moderator's mute closes it at once. A participant's own mute lets the last word out: the gate closes at the first
 * silent packet, at the latest after 150 ms. "Finish": a few frames of Opus silence follow, so that listeners'
 * decoders conceal nothing. */
#ifndef PARLOR_MUTE_H
#define PARLOR_MUTE_H

#include <stdbool.h>

enum {
    SILENT_LEVEL = 70, /* in -dBov (RFC 6464): a browser that has muted its track sends 127 */
    SILENCE_FRAMES = 3,
    SILENCE_SIZE = 3,
};

#define LAST_WORD_SECONDS 0.150
/* 20 ms of Opus silence, fullband CELT, mono (RFC 6716 section 3.1) */
#define SILENCE_BYTES ((const uint8_t[SILENCE_SIZE]){0xF8, 0xFF, 0xFE})

enum gate { GATE_OPEN, GATE_CLOSING, GATE_CLOSED };
enum signal { MUTE_SOON, MUTE_NOW, SILENCE, TIMEOUT, UNMUTE };
enum effect { EFFECT_NONE, EFFECT_FINISH, EFFECT_RESUME };

struct mute_gate {
    enum gate state;
    double deadline;
};

enum effect mute_signal(struct mute_gate *gate, enum signal signal, double now);

/* Close if the time for the last word is over. */
static inline enum effect mute_check(struct mute_gate *gate, double now)
{
    return gate->state == GATE_CLOSING && now >= gate->deadline ? mute_signal(gate, TIMEOUT, now) : EFFECT_NONE;
}

#endif
