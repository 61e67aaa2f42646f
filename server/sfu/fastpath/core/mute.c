#include "mute.h"

#include <assert.h>

struct transition {
    bool is_legal;
    enum gate state;
    enum effect effect;
};

/* An empty cell is illegal: SILENCE and TIMEOUT only end GATE_CLOSING. */
static const struct transition TRANSITIONS[3][5] = {
    [GATE_OPEN] =
        {
            [MUTE_SOON] = {true, GATE_CLOSING, EFFECT_NONE},
            [MUTE_NOW] = {true, GATE_CLOSED, EFFECT_FINISH},
            [UNMUTE] = {true, GATE_OPEN, EFFECT_NONE},
        },
    [GATE_CLOSING] =
        {
            [MUTE_SOON] = {true, GATE_CLOSING, EFFECT_NONE},
            [MUTE_NOW] = {true, GATE_CLOSED, EFFECT_FINISH},
            [SILENCE] = {true, GATE_CLOSED, EFFECT_FINISH},
            [TIMEOUT] = {true, GATE_CLOSED, EFFECT_FINISH},
            [UNMUTE] = {true, GATE_OPEN, EFFECT_NONE},
        },
    [GATE_CLOSED] =
        {
            [MUTE_SOON] = {true, GATE_CLOSED, EFFECT_NONE},
            [MUTE_NOW] = {true, GATE_CLOSED, EFFECT_NONE},
            [UNMUTE] = {true, GATE_OPEN, EFFECT_RESUME},
        },
};

enum effect mute_signal(struct mute_gate *gate, enum signal signal, double now)
{
    struct transition to = TRANSITIONS[gate->state][signal];
    assert(to.is_legal); /* in the sanitized builds; without it an illegal signal changes nothing */
    if (!to.is_legal)
        return EFFECT_NONE;
    if (to.state == GATE_CLOSING && gate->state != GATE_CLOSING)
        gate->deadline = now + LAST_WORD_SECONDS;
    gate->state = to.state;
    return to.effect;
}
