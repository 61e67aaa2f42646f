#include "priority.h"

#include <sched.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { LEADING_LEVEL = 1, SLICE_NS = 100000, FALLBACK_NICE = -3 };
#define FOLLOW_SECONDS 0.005 /* a tick of most kernels is 4 ms */
#define REST_SECONDS 0.010
#define MOST_TIME 0.8

/* An ordinary thread that asks for little at a time is let in at once where another has just begun its own slice, which is
 * 3 ms and more (EEVDF, Linux 6.12; before, the slice is ignored). See sched_setattr(2). */
static bool set_policy(uint32_t policy)
{
#ifdef SYS_sched_setattr
    bool is_ordinary = policy == SCHED_OTHER;
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
        .level = is_ordinary ? 0 : LEADING_LEVEL,
        .runtime = is_ordinary ? SLICE_NS : 0,
    };
    return syscall(SYS_sched_setattr, 0, &attributes, 0) == 0;
#else
    (void)policy;
    return false;
#endif
}

/* Of two threads that lead on one core, each has its turns: not SCHED_FIFO. */
static void set_leads(struct priority *priority, bool leads)
{
    if (leads != priority->leads && set_policy(leads ? SCHED_RR : SCHED_OTHER))
        priority->leads = leads;
}

static double time_used(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

void priority_init(struct priority *priority, double now)
{
    *priority = (struct priority){.reviewed_at = now, .used = time_used(), .follows_until = now - REST_SECONDS};
    set_leads(priority, true); /* root's, or where RLIMIT_RTPRIO allows it */
    priority->may_lead = priority->leads;
    if (!priority->may_lead) {
        setpriority(PRIO_PROCESS, 0, FALLBACK_NICE); /* of this thread alone; where RLIMIT_NICE allows it */
        set_policy(SCHED_OTHER);
    }
}

void priority_review(struct priority *priority, double now)
{
    if (!priority->may_lead)
        return;
    double used = time_used();
    priority->is_greedy = used - priority->used > MOST_TIME * (now - priority->reviewed_at);
    priority->used = used;
    priority->reviewed_at = now;
}

void priority_turn(struct priority *priority, bool is_awaited, bool has_more_packets, double now)
{
    bool begins = is_awaited && now >= priority->follows_until + REST_SECONDS;
    if (begins)
        priority->follows_until = now + FOLLOW_SECONDS;
    bool follows = now < priority->follows_until;
    set_leads(priority, priority->may_lead && !priority->is_greedy && !follows);
    if (begins || (follows && !has_more_packets))
        sched_yield();
}
