#include "dominant.h"

#include <math.h>
#include <string.h>

enum {
    N1 = 13,
    N2 = 5,
    N3 = 10,
    SUBUNIT = (127 + N1 - 1) / N1,
    MEDIUM_THRESHOLD = 7,
    LONG_THRESHOLD = 4,
    FLOOR_WINDOW = 750, /* frames (15 s) after which a higher noise floor is accepted */
    HIGHEST_FLOOR = 77, /* -50 dBov: speech without a pause since joining is not taken for noise */
};

#define C1 3.0
#define C2 2.0
#define C3 0.0
#define MINIMUM_SCORE 1e-10

_Static_assert(N2 *N3 == SCORE_FRAMES, "the long interval holds all frames");

static double immediate_scores[N1 + 1], medium_scores[N2 + 1], long_scores[N3 + 1];

/* The log likelihood ratio of speech when `active` of `total` units are; p is 0.5 as in the paper. */
static double activity_score(int active, int total, double scale)
{
    double ways = 1;
    for (int i = 1; i <= active; i++)
        ways = ways * (total - active + i) / i;
    return fmax(log(ways) + total * log(0.5) - log(scale) + scale * active, MINIMUM_SCORE);
}

void dominance_prepare(void)
{
    for (int i = 0; i <= N1; i++)
        immediate_scores[i] = activity_score(i, N1, 0.78);
    for (int i = 0; i <= N2; i++)
        medium_scores[i] = activity_score(i, N2, 24);
    for (int i = 0; i <= N3; i++)
        long_scores[i] = activity_score(i, N3, 47);
}

void dominance_forget(struct dominance *speaker)
{
    memset(speaker, 0, sizeof *speaker);
    for (int i = 0; i < 3; i++)
        speaker->scores[i] = MINIMUM_SCORE;
}

static void learn_floor(struct dominance *speaker, int loudness)
{
    if (speaker->floor == 0 || loudness <= speaker->floor) {
        speaker->floor = loudness;
        speaker->next_floor = speaker->next_floor_frames = 0;
        return;
    }
    if (speaker->next_floor == 0 || loudness < speaker->next_floor)
        speaker->next_floor = loudness;
    if (++speaker->next_floor_frames >= FLOOR_WINDOW) {
        /* halfway in logarithms, so that one loud quarter of a minute is not taken for noise */
        speaker->floor = (int)sqrt((double)speaker->floor * speaker->next_floor);
        speaker->next_floor = speaker->next_floor_frames = 0;
    }
}

void dominance_push(struct dominance *speaker, int loudness)
{
    speaker->newest = (uint8_t)((speaker->newest + SCORE_FRAMES - 1) % SCORE_FRAMES);
    speaker->loudness[speaker->newest] = (uint8_t)loudness;
    if (loudness)
        learn_floor(speaker, loudness);
}

void dominance_on_level(struct dominance *speaker, int level, double now)
{
    speaker->is_known = true;
    speaker->heard = now;
    dominance_push(speaker, 127 - level);
}

void dominance_on_time(struct dominance *speaker, double now)
{
    if (speaker->is_known && now - speaker->heard > IDLE_SECONDS) {
        speaker->heard = now;
        dominance_push(speaker, 0);
    }
}

void dominance_evaluate(struct dominance *speaker)
{
    int floor = (speaker->floor < HIGHEST_FLOOR ? speaker->floor : HIGHEST_FLOOR) + SUBUNIT;
    int newest = 0, newest_block = 0, long_count = 0;
    unsigned at = speaker->newest;
    for (int block = 0; block < N3; block++) {
        int active = 0;
        for (int i = 0; i < N2; i++, at = at + 1 == SCORE_FRAMES ? 0 : at + 1) {
            int units = speaker->loudness[at] >= floor ? speaker->loudness[at] / SUBUNIT : 0;
            active += units > MEDIUM_THRESHOLD;
            if (block == 0 && i == 0)
                newest = units < N1 ? units : N1;
        }
        long_count += active > LONG_THRESHOLD;
        if (block == 0)
            newest_block = active;
    }
    speaker->scores[0] = immediate_scores[newest];
    speaker->scores[1] = medium_scores[newest_block];
    speaker->scores[2] = long_scores[long_count];
}

/* Without an incumbent a medium interval of speech is enough: the long one protects an incumbent, it is not needed to
 * become dominant. */
struct margins dominance_margins(const struct dominance *challenger, const struct dominance *incumbent)
{
    const double *ours = challenger->scores;
    if (!incumbent)
        return (struct margins){C1 + 1, log(ours[1] / MINIMUM_SCORE), C3 + 1};
    const double *theirs = incumbent->scores;
    return (struct margins){log(ours[0] / theirs[0]), log(ours[1] / theirs[1]), log(ours[2] / theirs[2])};
}

bool dominance_wins(struct margins margins, double best_medium)
{
    return margins.immediate > C1 && margins.medium > fmax(C2, best_medium) && margins.lasting > C3;
}
