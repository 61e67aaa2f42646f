#include "levels.h"

#include <math.h>

#define ATTACK_SECONDS 0.080
#define RELEASE_SECONDS 0.400
#define QUIETEST_SPEECH 50.0
#define ALWAYS_SPEECH 35.0
#define ABOVE_FLOOR 10.0
#define HYSTERESIS 8.0
#define QUIETEST_FLOOR 60.0
#define FLOOR_RISE_PER_SECOND 3.0 /* dB: a fan counts as noise after a few seconds, speech dips several times a second */

enum { SPEECH_BYTES = 40, ASSUMED_SPEECH_LEVEL = 30 };

int level_from_size(size_t payload_size)
{
    return payload_size >= SPEECH_BYTES ? ASSUMED_SPEECH_LEVEL : LEVEL_SILENCE;
}

void speaking_init(struct speaking_detector *speaker)
{
    *speaker = (struct speaking_detector){
        .level = LEVEL_SILENCE, .floor = QUIETEST_FLOOR, .loud_at = -INFINITY, .held_at = -INFINITY};
}

/* The floor falls at once to the quietest packet and rises slowly: speech pauses, a fan does not. A pause without
 * packets says nothing about the noise. */
static double threshold(struct speaking_detector *speaker, int level, double now)
{
    double rise = fmin(now - speaker->floor_time, ATTACK_SECONDS) * FLOOR_RISE_PER_SECOND;
    speaker->floor = fmin(QUIETEST_FLOOR, fmax((double)level, speaker->floor - rise));
    speaker->floor_time = now;
    return fmin(QUIETEST_SPEECH, fmax(ALWAYS_SPEECH, speaker->floor - ABOVE_FLOOR));
}

bool speaking_on_level(struct speaking_detector *speaker, int level, double now)
{
    speaker->level = level;
    double limit = threshold(speaker, level, now);
    if (speaker->is_speaking) {
        if (level <= limit + HYSTERESIS)
            speaker->held_at = now;
        return speaking_on_time(speaker, now);
    }
    if (level > limit)
        return false;
    bool confirmed = now - speaker->loud_at <= ATTACK_SECONDS;
    speaker->loud_at = now;
    if (confirmed) {
        speaker->held_at = now;
        speaker->is_speaking = true;
    }
    return confirmed;
}

bool speaking_on_time(struct speaking_detector *speaker, double now)
{
    return speaker->is_speaking && now - speaker->held_at >= RELEASE_SECONDS && speaking_stop(speaker);
}

bool speaking_stop(struct speaking_detector *speaker)
{
    bool was_speaking = speaker->is_speaking;
    speaker->is_speaking = false;
    speaker->loud_at = -INFINITY;
    return was_speaking;
}
