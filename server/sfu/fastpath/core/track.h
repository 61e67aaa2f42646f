/* A published stream. Audio from microphones is the only kind today. */
#ifndef PARLOR_TRACK_H
#define PARLOR_TRACK_H

#include <stdint.h>

struct track {
    uint32_t clock_rate;    /* Hz, of its RTP timestamps */
    uint16_t frame_samples; /* length of one closing frame, in ticks of the clock */
};

/* Opus (RFC 7587 section 4.1), in frames of 20 ms. */
#define MICROPHONE ((struct track){48000, 960})

#endif
