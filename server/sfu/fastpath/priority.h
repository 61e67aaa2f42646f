/* Before whom the thread that forwards sound runs: packets are late at once, what Python does is not.
 *
 * Where the system lets it, it leads (SCHED_RR): nothing ordinary holds it up. It follows, as ordinary as the rest, while
 * somebody waits for Python, and after a tick of which it took four fifths: where there is more to forward than a core can,
 * signalling goes on. Where it may not lead, it has a nice value and short slices. */
#ifndef PARLOR_PRIORITY_H
#define PARLOR_PRIORITY_H

#include <stdbool.h>

struct priority {
    bool may_lead, leads;
    double reviewed_at, used; /* s: when, and the processor time that the thread had had by then */
    double follows_until;
};

/* For the calling thread, as are the others. */
void priority_init(struct priority *priority, double now);

/* Every 10 ms or so. */
void priority_review(struct priority *priority, double now);

/* Others on this core run first for 10 ms. Whether those begin now: a flood that asks for it gets one turn in them, and time
 * slices. */
bool priority_follow(struct priority *priority, double now);

/* Between two batches, within those 10 ms: who waits runs now. The kernel asks again at its next tick, up to 4 ms later. */
void priority_give_way(const struct priority *priority, double now);

#endif
