/* When the media thread is realtime: system calls and clocks are replaced (linked with --wrap). */
#include <sched.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

#include "check.h"
#include "priority.h"

static bool may_be_realtime;
static uint32_t policy;
static unsigned calls, yields;
static int nice_value;
static double used;

long __wrap_syscall(long number, ...);
int __wrap_sched_yield(void);
int __wrap_setpriority(int which, id_t who, int value);
int __wrap_clock_gettime(clockid_t clock, struct timespec *time);

long __wrap_syscall(long number, ...)
{
    va_list arguments;
    va_start(arguments, number);
    int thread = va_arg(arguments, int);
    const uint32_t *attributes = va_arg(arguments, const uint32_t *);
    va_end(arguments);
    CHECK(number == SYS_sched_setattr && thread == 0);
    calls++;
    if (attributes[1] == SCHED_RR && !may_be_realtime)
        return -1;
    policy = attributes[1];
    return 0;
}

int __wrap_sched_yield(void)
{
    yields++;
    return 0;
}

int __wrap_setpriority(int which, id_t who, int value)
{
    CHECK(which == PRIO_PROCESS && who == 0);
    nice_value = value;
    return 0;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *time)
{
    CHECK(clock == CLOCK_THREAD_CPUTIME_ID);
    *time = (struct timespec){(time_t)used, (long)((used - (double)(time_t)used) * 1e9)};
    return 0;
}

static struct priority priority;
static double now;

static void begin(bool allowed)
{
    may_be_realtime = allowed;
    policy = SCHED_OTHER;
    nice_value = 0;
    calls = yields = 0;
    now = 1000;
    used = 5;
    priority_init(&priority, now);
}

static void turn(void) { priority_update(&priority, (struct turn){0}, now); }

static void turn_when_awaited(void) { priority_update(&priority, (struct turn){.is_awaited = true}, now); }

/* A tick of which the thread used this share. */
static void tick(double share)
{
    now += 0.0101;
    used += 0.0101 * share;
    priority_review(&priority, now);
    turn();
}

static void check_that_it_is_realtime_unless_it_uses_nearly_all(void)
{
    begin(true);
    CHECK(policy == SCHED_RR && nice_value == 0);
    tick(0.7);
    CHECK(policy == SCHED_RR && calls == 1);
    tick(0.9);
    CHECK(policy == SCHED_OTHER);
    tick(0.95); /* no other thread needs the core: the policy stays */
    CHECK(policy == SCHED_OTHER && calls == 2);
    tick(0.5); /* other threads had half of the time */
    CHECK(policy == SCHED_RR && yields == 0);
}

static void check_that_it_is_normal_while_a_client_waits(void)
{
    begin(true);
    turn_when_awaited();
    CHECK(policy == SCHED_OTHER && yields == 1);
    now += 0.0049;
    turn();
    CHECK(policy == SCHED_OTHER && yields == 2);
    now += 0.0002;
    turn();
    CHECK(policy == SCHED_RR && yields == 2);
}

static void check_that_it_is_realtime_again_soon_after_python_has_read(void)
{
    begin(true);
    turn_when_awaited();
    now += 0.001;
    priority_update(&priority, (struct turn){.has_read = true}, now);
    CHECK(policy == SCHED_OTHER);
    now += 0.0009;
    priority_update(&priority, (struct turn){.has_read = true}, now);
    CHECK(policy == SCHED_OTHER);
    now += 0.0002;
    turn();
    CHECK(policy == SCHED_RR);
    now += 0.0038; /* it was normal for 2 ms */
    turn_when_awaited();
    CHECK(policy == SCHED_RR);
    now += 0.0002;
    turn_when_awaited();
    CHECK(policy == SCHED_OTHER);
}

static void check_that_packets_which_piled_up_come_before_a_second_turn(void)
{
    begin(true);
    priority_update(&priority, (struct turn){.is_awaited = true, .has_more_packets = true}, now);
    CHECK(yields == 1);
    now += 0.001;
    priority_update(&priority, (struct turn){.is_awaited = true, .has_more_packets = true}, now);
    CHECK(yields == 1);
    turn();
    CHECK(yields == 2);
}

static void check_that_a_flood_of_those_who_wait_leaves_packets_most_of_the_time(void)
{
    unsigned led = 0;
    begin(true);
    for (unsigned i = 0; i < 10000; i++) {
        turn_when_awaited();
        led += policy == SCHED_RR;
        now += 0.0001;
    }
    CHECK(led > 6000 && led < 7000);
    now += 0.0151;
    turn_when_awaited();
    CHECK(policy == SCHED_OTHER);
}

static void check_that_a_full_core_is_shared_after_a_client_waited(void)
{
    begin(true);
    turn_when_awaited();
    tick(0.9);
    CHECK(policy == SCHED_OTHER);
    tick(0.5);
    CHECK(policy == SCHED_RR);
}

static void check_that_without_permission_it_asks_once(void)
{
    begin(false);
    CHECK(policy == SCHED_OTHER && nice_value < 0 && calls == 2);
    tick(0.1);
    tick(0.99);
    turn_when_awaited();
    CHECK(yields == 1 && calls == 2);
}

int main(void)
{
    check_that_it_is_realtime_unless_it_uses_nearly_all();
    check_that_it_is_normal_while_a_client_waits();
    check_that_it_is_realtime_again_soon_after_python_has_read();
    check_that_packets_which_piled_up_come_before_a_second_turn();
    check_that_a_flood_of_those_who_wait_leaves_packets_most_of_the_time();
    check_that_a_full_core_is_shared_after_a_client_waited();
    check_that_without_permission_it_asks_once();
    return 0;
}
