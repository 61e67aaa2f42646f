/* Who is speaking, from the audio level that each packet's header carries (RFC 6464): 0 is loudest, 127 silence.
 *
 * On: two loud packets within 80 ms. Off: none above a lower threshold for 400 ms. Loud is relative to the person's
 * own noise floor, but anything from -35 dBov up is loud whatever the floor. */
#ifndef PARLOR_LEVELS_H
#define PARLOR_LEVELS_H

#include <stdbool.h>
#include <stddef.h>

enum { LEVEL_SILENCE = 127 };

struct speaking_detector {
    bool is_speaking;
    int level; /* of the newest packet */
    double floor, floor_time, loud_at, held_at;
};

/* For clients that send no levels: Opus spends few bytes on silence, and with DTX next to none. */
int level_from_size(size_t payload_size);

void speaking_init(struct speaking_detector *speaker);

/* These answer true if `is_speaking` has changed. `speaking_on_time` is to be called also while no packets come. */
bool speaking_on_level(struct speaking_detector *speaker, int level, double now);
bool speaking_on_time(struct speaking_detector *speaker, double now);
/* As on mute: silent from now, and a new start needs new packets. */
bool speaking_stop(struct speaking_detector *speaker);

#endif
