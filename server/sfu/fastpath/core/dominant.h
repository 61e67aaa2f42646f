/* One publisher's scores for finding the dominant speaker: Volfin and Cohen, "Dominant speaker identification for
 * multipoint videoconferencing" (2013), with the constants of Jitsi's DominantSpeakerIdentification. The room
 * compares them (room.h). */
#ifndef PARLOR_DOMINANT_H
#define PARLOR_DOMINANT_H

#include <stdbool.h>
#include <stdint.h>

#define DECISION_SECONDS 0.300
#define IDLE_SECONDS 0.040 /* after this long without a packet, a frame of silence is assumed */

enum { SCORE_FRAMES = 50 };

/* `loudness` 0 is silence, 127 the loudest: a ring, the newest at `newest`. */
struct dominance {
    bool is_known; /* a packet has come since joining or since mute */
    uint8_t newest;
    uint8_t loudness[SCORE_FRAMES];
    int floor, next_floor, next_floor_frames;
    double heard;
    double scores[3]; /* immediate, medium, long */
};

/* Lead of a challenger on each interval, in logarithms. */
struct margins {
    double immediate, medium, lasting;
};

/* Fills tables; call once before anything else here. */
void dominance_prepare(void);

void dominance_forget(struct dominance *speaker);
void dominance_push(struct dominance *speaker, int loudness);
/* `level` in -dBov. */
void dominance_on_level(struct dominance *speaker, int level, double now);
void dominance_on_time(struct dominance *speaker, double now);
void dominance_evaluate(struct dominance *speaker);

/* `incumbent` NULL: there is no dominant speaker. */
struct margins dominance_margins(const struct dominance *challenger, const struct dominance *incumbent);
/* Whether a challenger leads the incumbent on all three, and the best one so far on the medium interval. */
bool dominance_wins(struct margins margins, double best_medium);

#endif
