#include "mute.h"

struct transition {
    bool changes;
    enum gate state;
    enum effect effect;
};

/* An empty cell: no change. */
static const struct transition TRANSITIONS[3][5] = {
    [GATE_OPEN] =
        {
            [MUTE_SOON] = {true, GATE_CLOSING, EFFECT_NONE},
            [MUTE_NOW] = {true, GATE_CLOSED, EFFECT_FINISH},
        },
    [GATE_CLOSING] =
        {
            [MUTE_NOW] = {true, GATE_CLOSED, EFFECT_FINISH},
            [SILENCE] = {true, GATE_CLOSED, EFFECT_FINISH},
            [TIMEOUT] = {true, GATE_CLOSED, EFFECT_FINISH},
            [UNMUTE] = {true, GATE_OPEN, EFFECT_NONE},
        },
    [GATE_CLOSED] =
        {
            [UNMUTE] = {true, GATE_OPEN, EFFECT_RESUME},
        },
};

enum effect mute_signal(struct mute_gate *gate, enum signal signal, double now)
{
    struct transition to = TRANSITIONS[gate->state][signal];
    if (!to.changes)
        return EFFECT_NONE;
    if (to.state == GATE_CLOSING)
        gate->deadline = now + LAST_WORD_SECONDS;
    gate->state = to.state;
    return to.effect;
}
