#include "data_plane.h"

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
#include "streams.h"

#define TICK_SECONDS 0.010
#define TICK_SLACK_SECONDS 0.005 /* so that a packet may wake the thread instead: a wake-up costs five packets */
#define EVENTS_SECONDS 0.200 /* events that can wait wake Python this often, all at once */

enum {
    COMMANDS_BYTES = 256 << 10,
    EVENTS_BYTES = 1 << 20,
    DATAGRAMS_BYTES = 1 << 20,
    MAX_COMMANDS = 64, /* between two batches, so that a burst of them delays no packet for long */
    ROUTES_A_PEER = 8, /* four over UDP and four over TCP */
};

/* Events */

static bool push_event(struct data_plane *plane, const struct event *event)
{
    plane->has_events = true;
    return ring_push(&plane->events, event, sizeof *event, NULL, 0);
}

/* These may be dropped, since they are reported again: half of the ring stays free for events that are not. */
static bool alive(void *context, uint32_t peer, const struct address *address, bool is_new, double now)
{
    struct data_plane *plane = context;
    struct event event = {.kind = ALIVE, .handle = peer, .address = *address, .now = now};
    if (ring_is_filling(&plane->events) || !push_event(plane, &event))
        return false;
    plane->has_urgent_events |= is_new;
    return true;
}

static bool consent_checked(void *context, uint32_t peer, const struct address *address, bool nominates, double now)
{
    struct data_plane *plane = context;
    struct event event
        = {.kind = CONSENT_CHECKED, .handle = peer, .address = *address, .nominates = nominates, .now = now};
    return !ring_is_filling(&plane->events) && push_event(plane, &event);
}

static void speaking(void *context, uint32_t peer, bool speaking, int level)
{
    struct data_plane *plane = context;
    struct event event = {.kind = SPEAKING, .handle = peer, .speaking = speaking, .level = level};
    plane->has_urgent_events |= push_event(plane, &event);
}

static void dominant(void *context, uint64_t room, uint32_t peer)
{
    struct data_plane *plane = context;
    struct event event = {.kind = DOMINANT, .handle = peer, .room = room};
    plane->has_urgent_events |= push_event(plane, &event);
}

static void add_failed(struct data_plane *plane, uint32_t peer)
{
    struct event event = {.kind = ADD_FAILED, .handle = peer};
    plane->has_urgent_events |= push_event(plane, &event);
}

/* These are not dropped: an address that is never reported could not be used again. */
static void report_closed_streams(struct data_plane *plane)
{
    struct event event = {.kind = STREAM_CLOSED};
    while (streams_next_closed(plane->streams, &event.address) && push_event(plane, &event)) {
        streams_reported(plane->streams);
        plane->has_urgent_events = true;
    }
}

static void signal_fd(int fd)
{
    uint64_t one = 1;
    /* If the counter is full, the reader is woken anyway. */
    if (write(fd, &one, sizeof one) < 0)
        return;
}

static void quiet_fd(int fd)
{
    uint64_t total;
    if (read(fd, &total, sizeof total) < 0)
        return;
}

static void announce(struct data_plane *plane, double now)
{
    plane->has_datagrams = plane->has_events = plane->has_urgent_events = false;
    plane->events_due_at = now + EVENTS_SECONDS;
    if (!atomic_exchange(&plane->is_announced, true))
        signal_fd(plane->event_fd);
}

/* A client waits for an answer from Python: if Python runs on this core, it should read now and not at the end of a time
 * slice. On another core there is nothing to gain, and this core would go to an unrelated process. */
static void yield_to_python(struct data_plane *plane, bool has_more_packets, double now)
{
    bool is_near
        = plane->is_awaited && sched_getcpu() == atomic_load_explicit(&plane->reader_core, memory_order_relaxed);
    bool has_read = !atomic_load_explicit(&plane->is_announced, memory_order_relaxed);
    plane->is_awaited = false;
    priority_update(&plane->priority, (struct turn){is_near, has_read, has_more_packets}, now);
}

void data_plane_acknowledge(struct data_plane *plane)
{
    atomic_store_explicit(&plane->reader_core, sched_getcpu(), memory_order_relaxed);
    quiet_fd(plane->event_fd);
    atomic_exchange(&plane->is_announced, false); /* also reads: records announced so far are visible */
}

/* Life */

static void discard(struct outbox *outbox, void *context)
{
    (void)outbox;
    (void)context;
}

bool data_plane_init(struct data_plane *plane, const struct core_options *options, const struct srtp_functions *srtp,
    const struct gcm_functions *gcm, const struct mac *mac)
{
    memset(plane, 0, sizeof *plane);
    struct listener listener = {plane, alive, consent_checked, speaking, dominant};
    plane->outbox.flush = discard;
    plane->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    plane->event_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    bool is_ready = plane->wake_fd >= 0 && plane->event_fd >= 0;
    is_ready = core_init(&plane->core, options, srtp, gcm, mac, &plane->outbox, &listener) && is_ready;
    is_ready = routes_init(&plane->routes, (size_t)ROUTES_A_PEER * options->capacity) && is_ready;
    is_ready = ring_init(&plane->commands, COMMANDS_BYTES) && is_ready;
    is_ready = ring_init(&plane->events, EVENTS_BYTES) && is_ready;
    is_ready = ring_init(&plane->datagrams, DATAGRAMS_BYTES) && is_ready;
    if (!is_ready)
        data_plane_free(plane);
    return is_ready;
}

void data_plane_free(struct data_plane *plane)
{
    data_plane_stop(plane);
    core_free(&plane->core);
    routes_free(&plane->routes);
    ring_free(&plane->commands);
    ring_free(&plane->events);
    ring_free(&plane->datagrams);
    if (plane->wake_fd >= 0)
        close(plane->wake_fd);
    if (plane->event_fd >= 0)
        close(plane->event_fd);
    plane->wake_fd = plane->event_fd = -1;
}

/* Commands */

static void execute(
    struct data_plane *plane, const struct command *command, const void *body, size_t body_size, double now)
{
    struct core *core = &plane->core;
    uint32_t handle = command->handle;
    switch (command->kind) {
    case ADD_PEER:
        if (!core_add_peer(core, command->peer))
            add_failed(plane, handle);
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
        /* Also if it could not be added: the caller owns it again. */
        atomic_store_explicit(&command->peer->is_released, true, memory_order_release);
        plane->has_events = true;
        break;
    case OPEN_ROUTE:
        routes_open(&plane->routes, &command->address, handle);
        break;
    case CLOSE_ROUTE:
        if (routes_find(&plane->routes, &command->address) == handle)
            routes_close(&plane->routes, &command->address);
        break;
    case OPEN_STREAM:
        if (plane->streams)
            streams_open(plane->streams, command->fd, &command->address);
        else
            close(command->fd);
        break;
    case CLOSE_STREAM:
        if (plane->streams)
            streams_close(plane->streams, &command->address);
        break;
    case SEND_STREAM:
        if (plane->streams)
            streams_send(plane->streams, &plane->traffic, &command->address, body, body_size);
        break;
    }
}

/* Without effect before the next packet or tick, which comes within 15 ms while there are peers: the thread carries
 * commands out before it reads. A join has a dozen of these for each person in the room, and waking the thread costs more
 * than the command. Slots that take a voice away from somebody act at once. */
static bool can_wait(const struct command *command)
{
    switch (command->kind) {
    case SET_ANSWER:
    case SET_SESSIONS:
    case SET_CONSENT:
    case OPEN_ROUTE:
        return true;
    case ASSIGN:
        return !command->slots.takes_away;
    default:
        return false;
    }
}

static void wake(struct data_plane *plane)
{
    atomic_thread_fence(memory_order_seq_cst);
    if (atomic_load(&plane->is_asleep))
        signal_fd(plane->wake_fd);
}

bool data_plane_command(
    struct data_plane *plane, const struct command *command, const void *body, size_t body_size)
{
    if (!plane->is_running) {
        execute(plane, command, body, body_size, command->now);
        return true;
    }
    bool is_pushed = ring_push(&plane->commands, command, sizeof *command, body, body_size);
    if (!is_pushed || !can_wait(command))
        wake(plane);
    return is_pushed;
}

static void run_commands(struct data_plane *plane, unsigned limit, double now)
{
    size_t size;
    const struct command *command;
    for (unsigned i = 0; i < limit && (command = ring_peek(&plane->commands, &size)); i++) {
        execute(plane, command, command + 1, size - sizeof *command, now);
        ring_pop(&plane->commands);
    }
}

/* Packets */

static void pass_up(struct data_plane *plane, const struct received *item)
{
    if (ring_push(&plane->datagrams, &item->from, sizeof item->from, item->bytes, item->size))
        plane->has_datagrams = plane->is_awaited = true;
    else
        count(&plane->traffic.crowded_out, 1);
}

static bool is_rtp(const struct received *item) { return item->size && item->bytes[0] > 127 && item->bytes[0] < 192; }

/* By first byte (RFC 7983): 128 to 191 is RTP and RTCP. STUN (0 to 3) other than consent checks, and DTLS (20 to 63), go
 * to Python. */
static void deliver(struct data_plane *plane, const struct received *item, double now)
{
    if (item->size == 0) {
        count(&plane->traffic.empty, 1);
    } else if (item->size > MAX_PACKET) {
        count(&plane->traffic.oversize, 1);
    } else if (is_rtp(item)) {
        uint32_t handle = routes_find(&plane->routes, &item->from);
        if (handle)
            core_receive(&plane->core, handle, item->bytes, item->size, &item->from, now);
        else
            count(&plane->traffic.unknown_source, 1);
    } else if (item->bytes[0] < 4) {
        uint32_t handle = routes_find(&plane->routes, &item->from);
        if (!handle || !core_check(&plane->core, handle, item->bytes, item->size, &item->from, now))
            pass_up(plane, item);
    } else if (item->bytes[0] > 19 && item->bytes[0] < 64) {
        pass_up(plane, item);
    } else {
        count(&plane->traffic.unknown_kind, 1);
    }
}

/* Cache misses of several peers overlap this way; one after the other they would add up. */
static void prefetch(struct data_plane *plane, const struct received *items, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (is_rtp(&items[i]))
            core_prefetch(&plane->core, routes_find(&plane->routes, &items[i].from));
}

static void send_outbox(struct outbox *outbox, void *context)
{
    struct data_plane *plane = context;
    network_send(plane->network, &plane->traffic, outbox);
    streams_send_outbox(plane->streams, &plane->traffic, outbox);
}

static double clock_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* Which inputs became ready during a wait. */
struct arrivals {
    bool control, streams;
};

static struct arrivals sleep_until(struct data_plane *plane, double due)
{
    double wait = due - clock_now();
    struct timespec timeout = {0, wait > 0 ? (long)(wait * 1e9) : 0};
    struct pollfd waits[] = {
        {network_fd(plane->network, MEDIA), POLLIN, 0},
        {network_fd(plane->network, CONTROL), POLLIN, 0},
        {plane->wake_fd, POLLIN, 0},
        {streams_fd(plane->streams), POLLIN, 0},
    };
    size_t size;
    atomic_store(&plane->is_asleep, true);
    atomic_thread_fence(memory_order_seq_cst);
    bool is_idle = !ring_peek(&plane->commands, &size) && !atomic_load(&plane->is_stopping);
    if (is_idle)
        ppoll(waits, sizeof waits / sizeof *waits, plane->core.first ? &timeout : NULL, NULL);
    atomic_store(&plane->is_asleep, false);
    if (waits[2].revents)
        quiet_fd(plane->wake_fd);
    return (struct arrivals){!is_idle || waits[1].revents, !is_idle || waits[3].revents};
}

static unsigned take_in(struct data_plane *plane, enum queue queue, double now)
{
    struct received items[NETWORK_BATCH];
    unsigned received = network_receive(plane->network, queue, &plane->traffic, items);
    prefetch(plane, items, received);
    for (unsigned i = 0; i < received; i++)
        deliver(plane, &items[i], now);
    return received;
}

static void deliver_frame(void *context, const struct received *frame, double now) { deliver(context, frame, now); }

/* Answer checks, or announce them to Python, before forwarding packets that came sooner. */
static void answer_control(struct data_plane *plane, double now)
{
    take_in(plane, CONTROL, now);
    outbox_flush(&plane->outbox);
    if (plane->has_datagrams)
        announce(plane, now);
}

static void announce_if_due(struct data_plane *plane, double now)
{
    bool is_due = plane->has_events && (now >= plane->events_due_at || !plane->core.first);
    if (plane->has_datagrams || plane->has_urgent_events || is_due)
        announce(plane, now);
}

static void *run(void *context)
{
    struct data_plane *plane = context;
    double tick_at = clock_now();
    unsigned received = 0;
    plane->events_due_at = tick_at;
    priority_init(&plane->priority, tick_at);
    while (!atomic_load(&plane->is_stopping)) {
        struct arrivals arrivals = {true, true};
        if (received < NETWORK_BATCH)
            arrivals = sleep_until(plane, tick_at + TICK_SLACK_SECONDS);
        double now = clock_now();
        run_commands(plane, MAX_COMMANDS, now);
        if (arrivals.control)
            answer_control(plane, now);
        if (arrivals.streams)
            streams_receive(plane->streams, &plane->traffic, deliver_frame, plane, now);
        received = take_in(plane, MEDIA, now);
        if (now >= tick_at) {
            core_tick(&plane->core, now);
            priority_review(&plane->priority, now);
            tick_at = now + TICK_SECONDS;
        }
        outbox_flush(&plane->outbox);
        report_closed_streams(plane);
        announce_if_due(plane, now);
        yield_to_python(plane, received == NETWORK_BATCH, now);
    }
    run_commands(plane, UINT32_MAX, clock_now());
    outbox_flush(&plane->outbox);
    announce(plane, clock_now());
    return NULL;
}

/* Give the socket back to the caller. */
static void release_socket(struct data_plane *plane)
{
    plane->outbox.flush = discard;
    if (plane->network)
        network_free(plane->network);
    if (plane->streams)
        streams_free(plane->streams);
    plane->network = NULL;
    plane->streams = NULL;
}

bool data_plane_start(struct data_plane *plane, int socket_fd)
{
    if (plane->is_running) {
        errno = EALREADY;
        return false;
    }
    plane->network = network_new(socket_fd);
    plane->streams = streams_new();
    if (!plane->network || !plane->streams) {
        int error = errno;
        release_socket(plane);
        errno = error;
        return false;
    }
    plane->outbox.flush = send_outbox;
    plane->outbox.context = plane;
    atomic_store(&plane->is_stopping, false);
    sigset_t all, former;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &former); /* signals are for the main thread */
    int error = pthread_create(&plane->thread, NULL, run, plane);
    pthread_sigmask(SIG_SETMASK, &former, NULL);
    if (error) {
        release_socket(plane);
        errno = error;
        return false;
    }
    pthread_setname_np(plane->thread, "parlor-media");
    plane->is_running = true;
    return true;
}

bool data_plane_has_control_queue(const struct data_plane *plane)
{
    return network_fd(plane->network, CONTROL) >= 0;
}

void data_plane_stop(struct data_plane *plane)
{
    if (!plane->is_running)
        return;
    atomic_store(&plane->is_stopping, true);
    signal_fd(plane->wake_fd);
    pthread_join(plane->thread, NULL);
    plane->is_running = false;
    release_socket(plane);
}
