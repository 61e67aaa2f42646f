#include "priority.h"

#include <sched.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { REALTIME_LEVEL = 1, SLICE_NS = 100000, FALLBACK_NICE = -3 };
#define NORMAL_SECONDS 0.005 /* a tick of most kernels is 4 ms */
#define ANSWER_SECONDS 0.001
#define REALTIME_RATIO 2 /* times as long as it was normal */
#define MAX_SHARE 0.8

/* A normal thread that requests short slices runs at once even if another has just begun its own slice of 3 ms or more
 * (EEVDF, Linux 6.12; older kernels ignore the slice). See sched_setattr(2). */
static bool set_policy(uint32_t policy)
{
#ifdef SYS_sched_setattr
    bool is_normal = policy == SCHED_OTHER;
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t level;
        uint64_t runtime, deadline, period;
    } attributes = {
        .size = sizeof attributes,
        .policy = policy,
        .nice = getpriority(PRIO_PROCESS, 0),
        .level = is_normal ? 0 : REALTIME_LEVEL,
        .runtime = is_normal ? SLICE_NS : 0,
    };
    return syscall(SYS_sched_setattr, 0, &attributes, 0) == 0;
#else
    (void)policy;
    return false;
#endif
}

/* Not SCHED_FIFO, so that two realtime threads on one core take turns. */
static void set_realtime(struct priority *priority, bool is_realtime)
{
    if (is_realtime != priority->is_realtime && set_policy(is_realtime ? SCHED_RR : SCHED_OTHER))
        priority->is_realtime = is_realtime;
}

static double time_used(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

void priority_init(struct priority *priority, double now)
{
    *priority = (struct priority){.reviewed_at = now, .used = time_used(), .normal_from = now, .normal_until = now};
    set_realtime(priority, true); /* for root, or if RLIMIT_RTPRIO allows it */
    priority->may_be_realtime = priority->is_realtime;
    if (!priority->may_be_realtime) {
        setpriority(PRIO_PROCESS, 0, FALLBACK_NICE); /* of this thread only; if RLIMIT_NICE allows it */
        set_policy(SCHED_OTHER);
    }
}

void priority_review(struct priority *priority, double now)
{
    if (!priority->may_be_realtime)
        return;
    double used = time_used();
    priority->is_greedy = used - priority->used > MAX_SHARE * (now - priority->reviewed_at);
    priority->used = used;
    priority->reviewed_at = now;
}

void priority_update(struct priority *priority, struct turn turn, double now)
{
    double realtime_until = priority->normal_until + REALTIME_RATIO * (priority->normal_until - priority->normal_from);
    bool begins = turn.is_awaited && now >= realtime_until;
    if (begins) {
        priority->normal_from = now;
        priority->normal_until = now + NORMAL_SECONDS;
    } else if (turn.has_read && now + ANSWER_SECONDS < priority->normal_until) {
        priority->normal_until = now + ANSWER_SECONDS;
    }
    bool is_normal = now < priority->normal_until;
    set_realtime(priority, priority->may_be_realtime && !priority->is_greedy && !is_normal);
    if (begins || (is_normal && !turn.has_more_packets))
        sched_yield();
}
