/* Before whom the thread that forwards sound runs: packets are late at once, what Python does is not.
 *
 * Where the system lets it, it leads (SCHED_RR): nothing ordinary holds it up. It follows, as ordinary as the rest, for 5 ms
 * while somebody waits for Python, and after a tick of which it took four fifths: where there is more to forward than a core
 * can, signalling goes on. Where it may not lead, it has a nice value and short slices. */
#ifndef PARLOR_PRIORITY_H
#define PARLOR_PRIORITY_H

#include <stdbool.h>

struct priority {
    bool may_lead, leads, is_greedy;
    double reviewed_at, used; /* s: when, and the processor time that the thread had had by then */
    double follows_until;
};

/* For the calling thread, as are the others. */
void priority_init(struct priority *priority, double now);

/* Every 10 ms or so. */
void priority_review(struct priority *priority, double now);

/* Between two batches. Python is awaited: others on this core run first for 5 ms, and not again for 10, so that a flood of
 * those who wait leaves packets their time. They run at once, since the kernel asks again at its next tick only; after that
 * packets that have piled up come first, or whoever runs until that tick would let through a batch a tick. */
void priority_turn(struct priority *priority, bool is_awaited, bool has_more_packets, double now);

#endif
