#include "priority.h"

#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    MEDIA_NICE = -3, /* at -6 packets are no sooner, and what Python has to answer waits longer at 70 % of a core */
    MEDIA_SLICE_NS = 100000,
};

/* A thread that asks for little at a time is let in at once where another has just begun its own slice, which is 3 ms and
 * more (EEVDF, Linux 6.12; before, the slice is ignored). See sched_setattr(2). */
static void ask_for_short_slices(void)
{
#ifdef SYS_sched_setattr
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t runtime, deadline, period;
    } attributes = {.size = sizeof attributes, .nice = getpriority(PRIO_PROCESS, 0), .runtime = MEDIA_SLICE_NS};
    syscall(SYS_sched_setattr, 0, &attributes, 0);
#endif
}

void priority_of_media(void)
{
    setpriority(PRIO_PROCESS, 0, MEDIA_NICE); /* for this thread alone; root's, or where RLIMIT_NICE allows it */
    ask_for_short_slices();
}
