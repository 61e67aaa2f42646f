#include "loop.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "network.h"

#define TICK_SECONDS 0.010
#define TICK_SLACK_SECONDS 0.005 /* for a packet to wake the thread in any case: a wake-up costs as much as five packets */
#define NEWS_SECONDS 0.200 /* what can wait wakes Python this often, and a whole batch of it at once */

enum {
    COMMANDS_BYTES = 256 << 10,
    NEWS_BYTES = 1 << 20,
    DATAGRAMS_BYTES = 1 << 20,
    MAX_COMMANDS = 64, /* between two batches, so that a burst of them delays no packet for long */
    ROUTES_A_PEER = 4,
};

/* News */

static bool push_news(struct loop *loop, const struct news *news)
{
    loop->has_news = true;
    return ring_push(&loop->news, news, sizeof *news, NULL, 0);
}

/* These may be lost, and come again: they leave half of the ring to those that do not. */
static bool heard(void *context, uint32_t peer, const struct address *address, bool is_new, double now)
{
    struct loop *loop = context;
    struct news news = {.kind = HEARD, .handle = peer, .address = *address, .now = now};
    if (ring_is_filling(&loop->news) || !push_news(loop, &news))
        return false;
    loop->has_urgent_news |= is_new;
    return true;
}

static bool checked(void *context, uint32_t peer, const struct address *address, bool nominates, double now)
{
    struct loop *loop = context;
    struct news news = {.kind = CHECKED, .handle = peer, .address = *address, .nominates = nominates, .now = now};
    return !ring_is_filling(&loop->news) && push_news(loop, &news);
}

static void speaking(void *context, uint32_t peer, bool speaking, int level)
{
    struct loop *loop = context;
    struct news news = {.kind = SPEAKING, .handle = peer, .speaking = speaking, .level = level};
    loop->has_urgent_news |= push_news(loop, &news);
}

static void dominant(void *context, uint64_t room, uint32_t peer)
{
    struct loop *loop = context;
    struct news news = {.kind = DOMINANT, .handle = peer, .room = room};
    loop->has_urgent_news |= push_news(loop, &news);
}

static void signal_fd(int fd)
{
    uint64_t one = 1;
    /* A counter that is full is as loud as one that is not. */
    if (write(fd, &one, sizeof one) < 0)
        return;
}

static void quiet_fd(int fd)
{
    uint64_t total;
    if (read(fd, &total, sizeof total) < 0)
        return;
}

static void announce(struct loop *loop, double now)
{
    loop->has_datagrams = loop->has_news = loop->has_urgent_news = false;
    loop->news_at = now + NEWS_SECONDS;
    if (!atomic_exchange(&loop->is_announced, true))
        signal_fd(loop->news_fd);
}

/* Somebody waits for the answer to a check: where Python shares this core, it reads it now and not at the end of a time
 * slice. Elsewhere there is nothing to gain, and the core would go to a stranger. */
static void let_python_read(struct loop *loop, bool has_more_packets, double now)
{
    bool is_near
        = loop->is_awaited && sched_getcpu() == atomic_load_explicit(&loop->reader_core, memory_order_relaxed);
    bool has_read = !atomic_load_explicit(&loop->is_announced, memory_order_relaxed);
    loop->is_awaited = false;
    priority_turn(&loop->priority, (struct turn){is_near, has_read, has_more_packets}, now);
}

void loop_acknowledge(struct loop *loop)
{
    atomic_store_explicit(&loop->reader_core, sched_getcpu(), memory_order_relaxed);
    quiet_fd(loop->news_fd);
    atomic_exchange(&loop->is_announced, false); /* reads too: what was announced so far is seen in the rings */
}

/* Life */

static void discard(struct outbox *outbox, void *context)
{
    (void)outbox;
    (void)context;
}

bool loop_init(struct loop *loop, const struct core_options *options, const struct srtp_functions *srtp,
    const struct gcm_functions *gcm, const struct mac *mac)
{
    memset(loop, 0, sizeof *loop);
    struct listener listener = {loop, heard, checked, speaking, dominant};
    loop->outbox.flush = discard;
    loop->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    loop->news_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    bool is_ready = loop->wake_fd >= 0 && loop->news_fd >= 0;
    is_ready = core_init(&loop->core, options, srtp, gcm, mac, &loop->outbox, &listener) && is_ready;
    is_ready = routes_init(&loop->routes, (size_t)ROUTES_A_PEER * options->capacity) && is_ready;
    is_ready = ring_init(&loop->commands, COMMANDS_BYTES) && is_ready;
    is_ready = ring_init(&loop->news, NEWS_BYTES) && is_ready;
    is_ready = ring_init(&loop->datagrams, DATAGRAMS_BYTES) && is_ready;
    if (!is_ready)
        loop_free(loop);
    return is_ready;
}

void loop_free(struct loop *loop)
{
    loop_stop(loop);
    core_free(&loop->core);
    routes_free(&loop->routes);
    ring_free(&loop->commands);
    ring_free(&loop->news);
    ring_free(&loop->datagrams);
    if (loop->wake_fd >= 0)
        close(loop->wake_fd);
    if (loop->news_fd >= 0)
        close(loop->news_fd);
    loop->wake_fd = loop->news_fd = -1;
}

/* Commands */

static void execute(struct loop *loop, const struct command *command, double now)
{
    struct core *core = &loop->core;
    uint32_t handle = command->handle;
    switch (command->kind) {
    case ADD_PEER:
        core_add_peer(core, command->peer);
        break;
    case SET_ANSWER:
        core_set_answer(core, handle, &command->answer);
        break;
    case SET_SESSIONS:
        core_set_sessions(core, handle, command->sessions.rx, command->sessions.tx, &command->sessions.seal);
        break;
    case SET_DESTINATION:
        core_set_destination(core, handle, command->has_address ? &command->address : NULL);
        break;
    case SET_CONSENT:
        core_set_consent(core, handle, &command->consent);
        break;
    case SET_MUTED:
        core_set_muted(core, handle, command->muted, command->at_once, now);
        break;
    case ASSIGN:
        core_assign(core, handle, command->slots.publishers, command->slots.count, now);
        break;
    case REMOVE_PEER:
        core_remove_peer(core, handle);
        /* Also where it had found no room: it is the caller's again. */
        atomic_store_explicit(&command->peer->is_released, true, memory_order_release);
        loop->has_news = true;
        break;
    case OPEN_ROUTE:
        routes_open(&loop->routes, &command->address, handle);
        break;
    case CLOSE_ROUTE:
        if (routes_find(&loop->routes, &command->address) == handle)
            routes_close(&loop->routes, &command->address);
        break;
    }
}

bool loop_command(struct loop *loop, const struct command *command)
{
    if (!loop->is_running) {
        execute(loop, command, command->now);
        return true;
    }
    if (!ring_push(&loop->commands, command, sizeof *command, NULL, 0))
        return false;
    atomic_thread_fence(memory_order_seq_cst);
    if (atomic_load(&loop->is_asleep))
        signal_fd(loop->wake_fd);
    return true;
}

static void run_commands(struct loop *loop, unsigned limit, double now)
{
    size_t size;
    const struct command *command;
    for (unsigned i = 0; i < limit && (command = ring_peek(&loop->commands, &size)); i++) {
        execute(loop, command, now);
        ring_pop(&loop->commands);
    }
}

/* Packets */

static void hand_up(struct loop *loop, const struct received *item)
{
    if (ring_push(&loop->datagrams, &item->from, sizeof item->from, item->bytes, item->size))
        loop->has_datagrams = loop->is_awaited = true;
    else
        count(&loop->traffic.crowded_out, 1);
}

static bool is_rtp(const struct received *item) { return item->size && item->bytes[0] > 127 && item->bytes[0] < 192; }

/* By first byte (RFC 7983): 128 to 191 is RTP and RTCP. What is STUN (0 to 3) but no consent check, and DTLS (20 to 63), is
 * for others to read. */
static void deliver(struct loop *loop, const struct received *item, double now)
{
    if (item->size == 0) {
        count(&loop->traffic.empty, 1);
    } else if (item->size > MAX_PACKET) {
        count(&loop->traffic.oversize, 1);
    } else if (is_rtp(item)) {
        uint32_t handle = routes_find(&loop->routes, &item->from);
        if (handle)
            core_receive(&loop->core, handle, item->bytes, item->size, &item->from, now);
        else
            count(&loop->traffic.unknown_source, 1);
    } else if (item->bytes[0] < 4) {
        uint32_t handle = routes_find(&loop->routes, &item->from);
        if (!handle || !core_check(&loop->core, handle, item->bytes, item->size, &item->from, now))
            hand_up(loop, item);
    } else if (item->bytes[0] > 19 && item->bytes[0] < 64) {
        hand_up(loop, item);
    } else {
        count(&loop->traffic.unknown_kind, 1);
    }
}

/* Misses of several peers' state overlap; one after the other they would add up. */
static void prefetch(struct loop *loop, const struct received *items, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (is_rtp(&items[i]))
            core_prefetch(&loop->core, routes_find(&loop->routes, &items[i].from));
}

static void send_outbox(struct outbox *outbox, void *context)
{
    struct loop *loop = context;
    network_send(loop->network, &loop->traffic, outbox);
}

static double clock_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* Returns whether there may be something aside. */
static bool sleep_until(struct loop *loop, double due)
{
    double wait = due - clock_now();
    struct timespec timeout = {0, wait > 0 ? (long)(wait * 1e9) : 0};
    struct pollfd waits[] = {
        {network_fd(loop->network, MEDIA), POLLIN, 0},
        {network_fd(loop->network, ASIDE), POLLIN, 0},
        {loop->wake_fd, POLLIN, 0},
    };
    size_t size;
    atomic_store(&loop->is_asleep, true);
    atomic_thread_fence(memory_order_seq_cst);
    bool is_idle = !ring_peek(&loop->commands, &size) && !atomic_load(&loop->is_stopping);
    if (is_idle)
        ppoll(waits, sizeof waits / sizeof *waits, loop->core.first ? &timeout : NULL, NULL);
    atomic_store(&loop->is_asleep, false);
    if (waits[2].revents)
        quiet_fd(loop->wake_fd);
    return !is_idle || waits[1].revents;
}

static unsigned take_in(struct loop *loop, enum queue queue, double now)
{
    struct received items[NETWORK_BATCH];
    unsigned received = network_receive(loop->network, queue, &loop->traffic, items);
    prefetch(loop, items, received);
    for (unsigned i = 0; i < received; i++)
        deliver(loop, &items[i], now);
    return received;
}

/* Who waits for an answer has it, or Python knows of it, before packets that came sooner. */
static void answer_first(struct loop *loop, double now)
{
    take_in(loop, ASIDE, now);
    outbox_flush(&loop->outbox);
    if (loop->has_datagrams)
        announce(loop, now);
}

static void tell(struct loop *loop, double now)
{
    if (loop->has_datagrams || loop->has_urgent_news || (loop->has_news && (now >= loop->news_at || !loop->core.first)))
        announce(loop, now);
}

static void *run(void *context)
{
    struct loop *loop = context;
    double tick_at = clock_now();
    unsigned received = 0;
    loop->news_at = tick_at;
    priority_init(&loop->priority, tick_at);
    while (!atomic_load(&loop->is_stopping)) {
        bool has_aside = received == NETWORK_BATCH || sleep_until(loop, tick_at + TICK_SLACK_SECONDS);
        double now = clock_now();
        run_commands(loop, MAX_COMMANDS, now);
        if (has_aside)
            answer_first(loop, now);
        received = take_in(loop, MEDIA, now);
        if (now >= tick_at) {
            core_tick(&loop->core, now);
            priority_review(&loop->priority, now);
            tick_at = now + TICK_SECONDS;
        }
        outbox_flush(&loop->outbox);
        tell(loop, now);
        let_python_read(loop, received == NETWORK_BATCH, now);
    }
    run_commands(loop, UINT32_MAX, clock_now());
    outbox_flush(&loop->outbox);
    announce(loop, clock_now());
    return NULL;
}

/* The socket is the caller's again. */
static void leave(struct loop *loop)
{
    loop->outbox.flush = discard;
    network_free(loop->network);
    loop->network = NULL;
}

bool loop_start(struct loop *loop, int socket_fd)
{
    if (loop->is_running) {
        errno = EALREADY;
        return false;
    }
    loop->network = network_new(socket_fd);
    if (!loop->network)
        return false;
    loop->outbox.flush = send_outbox;
    loop->outbox.context = loop;
    atomic_store(&loop->is_stopping, false);
    sigset_t all, former;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &former); /* signals are for the main thread */
    int error = pthread_create(&loop->thread, NULL, run, loop);
    pthread_sigmask(SIG_SETMASK, &former, NULL);
    if (error) {
        leave(loop);
        errno = error;
        return false;
    }
    pthread_setname_np(loop->thread, "parlor-media");
    loop->is_running = true;
    return true;
}

bool loop_answers_first(const struct loop *loop)
{
    return network_fd(loop->network, ASIDE) >= 0;
}

void loop_stop(struct loop *loop)
{
    if (!loop->is_running)
        return;
    atomic_store(&loop->is_stopping, true);
    signal_fd(loop->wake_fd);
    pthread_join(loop->thread, NULL);
    loop->is_running = false;
    leave(loop);
}
