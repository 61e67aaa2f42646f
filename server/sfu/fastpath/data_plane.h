/* The shell around the core: the media thread, which owns the socket, and the rings to and from it.
 *
 * Without `data_plane_start`, commands and packets take effect at once, on virtual time, and datagrams go to the outbox's
 * flush; the contract tests run so. With it, only the thread touches the core: commands go through a ring, in order, and
 * take effect between two batches; events and datagrams that are not RTP come back through rings, announced on
 * `event_fd`.
 *
 * A peer's memory and its sessions belong to the caller again once `is_released` is set. */
#ifndef PARLOR_DATA_PLANE_H
#define PARLOR_DATA_PLANE_H

#include <pthread.h>

#include "core/core.h"
#include "priority.h"
#include "ring.h"
#include "routes.h"

enum command_kind {
    ADD_PEER,
    SET_ANSWER,
    SET_SESSIONS,
    SET_DESTINATION,
    SET_CONSENT,
    SET_MUTED,
    ASSIGN,
    REMOVE_PEER,
    OPEN_ROUTE,
    CLOSE_ROUTE,
    OPEN_STREAM,
    CLOSE_STREAM,
    SEND_STREAM,
};

struct command {
    enum command_kind kind;
    uint32_t handle;
    bool muted, at_once, has_address;
    double now; /* of the caller; the thread uses its own clock */
    union {
        struct peer *peer;
        struct answer answer;
        struct {
            void *rx, *tx;
            struct seal seal;
        } sessions;
        struct {
            struct address address;
            int fd; /* of OPEN_STREAM */
        };
        struct consent consent;
        struct {
            unsigned count;
            bool takes_away; /* a publisher from the subscriber, who must not be heard from now on */
            uint32_t publishers[MAX_SLOTS];
        } slots;
    };
};

enum event_kind { ALIVE, SPEAKING, DOMINANT, CONSENT_CHECKED, ADD_FAILED, STREAM_CLOSED, EVENT_KINDS };

struct event {
    enum event_kind kind;
    uint32_t handle;
    uint64_t room;
    bool speaking, nominates;
    int level;
    double now;
    struct address address;
};

/* Totals of the sockets and the routing. `unsent`: the kernel's buffer was full or the network refused the
 * datagram. `unsent_tcp`: the same for frames of TCP connections. `crowded_out`: for the control plane, which did not keep up. */
struct traffic {
    counter unsent, unsent_tcp, errors, oversize, empty, unknown_kind, unknown_source, crowded_out;
};

struct network;
struct streams;

struct data_plane {
    struct core core;
    struct outbox outbox;
    struct routes routes;
    struct ring commands, events, datagrams;
    struct traffic traffic;
    struct network *network; /* while the thread runs, as `streams` */
    struct streams *streams;
    pthread_t thread;
    bool is_running;
    atomic_bool is_stopping, is_asleep, is_announced;
    bool has_datagrams, has_urgent_events, has_events; /* to announce */
    bool is_awaited; /* a datagram for Python has come since the last batch */
    double events_due_at; /* when events that can wait are announced */
    atomic_int reader_core; /* where Python last read */
    struct priority priority; /* of the thread */
    int wake_fd, event_fd;
};

/* As `core_init`. False: no memory, with errno set. */
bool data_plane_init(struct data_plane *plane, const struct core_options *options, const struct srtp_functions *srtp,
    const struct gcm_functions *gcm, const struct mac *mac);
/* Stops the thread first. */
void data_plane_free(struct data_plane *plane);

/* Read from this UDP socket, non-blocking and bound, which must stay open until `data_plane_stop`, and share its port
 * with a second one (reuseport.h). False: errno is set. */
bool data_plane_start(struct data_plane *plane, int socket_fd);
/* Whether checks and DTLS have their own queue, which depends on the system. */
bool data_plane_has_control_queue(const struct data_plane *plane);
/* Wait for the thread; earlier commands have taken effect then. */
void data_plane_stop(struct data_plane *plane);

/* `body`: the datagram of SEND_STREAM. False: the ring is full, retry in a moment. */
bool data_plane_command(
    struct data_plane *plane, const struct command *command, const void *body, size_t body_size);

/* Call before draining the rings, so that later records are announced again. */
void data_plane_acknowledge(struct data_plane *plane);

#endif
