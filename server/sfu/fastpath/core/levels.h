/* Detection of speech from the audio level in each packet's header (RFC 6464): 0 is loudest, 127 silence.
 *
 * Start: two loud packets within 80 ms. End: none above a lower threshold for 400 ms. Loud is relative to the
 * publisher's own noise floor, but anything from -35 dBov up is loud whatever the floor. */
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

/* For clients without levels: Opus spends few bytes on silence, and with DTX almost none. */
int level_from_size(size_t payload_size);

void speaking_init(struct speaking_detector *speaker);

/* These return true if `is_speaking` has changed. Call `speaking_on_time` also while no packets come. */
bool speaking_on_level(struct speaking_detector *speaker, int level, double now);
bool speaking_on_time(struct speaking_detector *speaker, double now);
/* End speech now, as on mute; a new start needs new packets. */
bool speaking_stop(struct speaking_detector *speaker);

#endif
