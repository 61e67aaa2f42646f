/* Before whom the thread that forwards sound runs: packets are late at once, what Python does is not.
 *
 * Where the system lets it, it leads (SCHED_RR): nothing ordinary holds it up. It follows, as ordinary as the rest, while
 * somebody waits for Python, for 5 ms at most, and after a tick of which it took four fifths: where there is more to forward than a core
 * can, signalling goes on. Where it may not lead, it has a nice value and short slices. */
#ifndef PARLOR_PRIORITY_H
#define PARLOR_PRIORITY_H

#include <stdbool.h>

struct priority {
    bool may_be_realtime, is_realtime, is_greedy;
    double reviewed_at, used; /* s: when, and the processor time that the thread had had by then */
    double normal_from, normal_until;
};

/* For the calling thread, as are the others. */
void priority_init(struct priority *priority, double now);

/* Every 10 ms or so. */
void priority_review(struct priority *priority, double now);

/* What has come about since the last batch. */
struct turn {
    bool is_awaited, has_read; /* Python */
    bool has_more_packets;
};

/* Between two batches. Python is awaited: others on this core run first, until 1 ms after it has read, and not again for twice
 * as long as that took, so that a flood of those who wait leaves packets their time. They run at once, since the kernel asks
 * again at its next tick only; after that packets that have piled up come first, or whoever runs until that tick would let
 * through a batch a tick. */
void priority_update(struct priority *priority, struct turn turn, double now);

#endif
