/* Scheduling priority of the media thread: a packet is late after milliseconds, Python's work is not.
 *
 * Where the system permits it, the thread is realtime (SCHED_RR), so that no normal thread delays it. It is normal while
 * a client waits for Python, for 5 ms at most, and after a tick of which it used four fifths: signalling continues even
 * when there is more to forward than a core can. Where realtime is not permitted, it has a nice value and short slices. */
#ifndef PARLOR_PRIORITY_H
#define PARLOR_PRIORITY_H

#include <stdbool.h>

struct priority {
    bool may_be_realtime, is_realtime, is_greedy;
    double reviewed_at, used; /* s: the time of the last review, and the thread's CPU time by then */
    double normal_from, normal_until;
};

/* For the calling thread, as the other functions. */
void priority_init(struct priority *priority, double now);

/* Every 10 ms or so. */
void priority_review(struct priority *priority, double now);

/* Events since the last batch. */
struct turn {
    bool is_awaited, has_read; /* Python: a client waits for it; it has read */
    bool has_more_packets;
};

/* Between two batches. While a client waits for Python, the thread is normal until 1 ms after Python has read, and then
 * realtime for at least twice as long, so that a flood of such clients leaves packets their time. It yields at once,
 * since the kernel reschedules only at its next tick; after that it yields only if no packets are queued, since a thread
 * that ran until that tick would let through one batch a tick. */
void priority_update(struct priority *priority, struct turn turn, double now);

#endif
