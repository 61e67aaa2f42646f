/* The media of many clients in one thread: paces and encrypts their RTP, receives packets and checks them.
 *
 * A link is one DTLS-SRTP connection whose handshake was done by the caller. Sockets are read in rounds, without
 * waiting for them, so that a server's sends wake no thread; delays use the kernel's arrival times. Datagrams other
 * than RTP and RTCP (STUN, DTLS) are kept for the caller. One lock, held for a round of a few ms at most.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "packets.h"

enum { BATCH = 32, SLOTS = 32, KEPT = 1024, KEPT_BYTES = 1500, DELAY_BUCKETS = 100000 };
#define ROUND_NS 8000000ull
#define GRID_NS 100000ull
#define FOREIGN_US 60000000ll
#define REPORT_NS 1000000000ull

struct slot { /* one SSRC that a link receives */
    uint32_t ssrc;
    uint32_t first, highest; /* extended sequence numbers, RFC 3550 appendix A.1 */
    uint64_t packets;
};

struct link {
    int fd, mode, frame;
    void *rx, *tx;
    struct sockaddr_in remote;
    struct numbering out;
    uint8_t payload_type, extension;
    uint64_t due_ns, report_ns, sent, octets, received, first_arrival_ns;
    struct slot slots[SLOTS];
};

struct kept { /* a datagram for the caller */
    int32_t link, length;
    uint32_t host; /* network order */
    int32_t port;
    uint8_t data[KEPT_BYTES];
};

/* Sums since the start, over all links. `delays[i]`: packets that took i µs; the last entry: that or more. */
struct totals {
    uint64_t sent, send_failures, received, checked, forged, gaps, rtcp, control_lost, worst_late_ns;
    uint64_t delays[DELAY_BUCKETS];
};

struct load {
    pthread_mutex_t lock;
    atomic_int stopping;
    int links, capacity, check_every;
    uint64_t next_ns; /* time of the next packet or report */
    srtp_call protect, unprotect, protect_rtcp;
    struct clip clip;
    struct totals totals;
    int kept_first, kept_count;
    struct kept kept[KEPT];
    struct link link[];
};

struct load *load_new(int capacity, srtp_call protect, srtp_call unprotect, srtp_call protect_rtcp,
                      const struct clip *clip) {
    struct load *load = calloc(1, sizeof *load + (size_t)capacity * sizeof(struct link));
    if (!load) return 0;
    pthread_mutexattr_t inherits;
    pthread_mutexattr_init(&inherits);
    pthread_mutexattr_setprotocol(&inherits, PTHREAD_PRIO_INHERIT);
    pthread_mutex_init(&load->lock, &inherits);
    load->capacity = capacity;
    load->check_every = 1;
    load->protect = protect;
    load->unprotect = unprotect;
    load->protect_rtcp = protect_rtcp;
    load->clip = *clip;
    return load;
}

void load_free(struct load *load) { free(load); }

/* The new link's index, or -1. `host` in network order; `tx` null: it never sends. */
int load_add(struct load *load, int fd, void *rx, void *tx, uint32_t host, int port, uint32_t ssrc,
             int payload_type, int extension) {
    pthread_mutex_lock(&load->lock);
    int index = 0;
    while (index < load->links && load->link[index].fd >= 0) index++;
    if (index == load->capacity) {
        index = -1;
    } else {
        if (index == load->links) load->links++;
        struct link *l = &load->link[index];
        *l = (struct link){.fd = fd, .rx = rx, .tx = tx};
        l->remote.sin_family = AF_INET;
        l->remote.sin_addr.s_addr = host;
        l->remote.sin_port = htons((uint16_t)port);
        l->out = (struct numbering){.ssrc = ssrc, .sequence = 1000, .timestamp = 10000};
        l->payload_type = (uint8_t)payload_type;
        l->extension = (uint8_t)extension;
        l->report_ns = clock_ns(CLOCK_MONOTONIC) + REPORT_NS;
    }
    load->next_ns = 0;
    pthread_mutex_unlock(&load->lock);
    return index;
}

/* Stop using the link's socket and sessions; its index may be reused. */
void load_forget(struct load *load, int index) {
    pthread_mutex_lock(&load->lock);
    load->link[index].fd = -1;
    load->link[index].tx = 0;
    pthread_mutex_unlock(&load->lock);
}

/* Set how a link speaks from now on. `nth`: its number among the speakers, which sets its phase. Each begins at
 * another frame of the clip: people do not all begin and end their sentences in the same instant. */
void load_speak(struct load *load, int index, int mode, int nth) {
    pthread_mutex_lock(&load->lock);
    struct link *l = &load->link[index];
    uint64_t period = mode == DTX ? DTX_FRAMES * FRAME_NS : FRAME_NS;
    uint64_t now = clock_ns(CLOCK_MONOTONIC), offset = phase_ns((uint32_t)nth) * (period / FRAME_NS);
    l->mode = mode;
    l->frame = (int)(((uint64_t)((uint32_t)index * 2654435769u) * (uint32_t)(load->clip.frames - 1)) >> 32);
    l->due_ns = now - now % period + period + offset;
    load->next_ns = 0;
    pthread_mutex_unlock(&load->lock);
}

/* Decrypt one packet in `n`, to measure delay and authenticate it; all packets are counted. */
void load_check_every(struct load *load, int n) {
    pthread_mutex_lock(&load->lock);
    load->check_every = n;
    pthread_mutex_unlock(&load->lock);
}

static void send_frame(struct load *load, struct link *l) {
    uint8_t packet[MAX_DATAGRAM];
    int frame = l->mode == DTX ? load->clip.frames - 1 : l->frame;
    int length = write_rtp(packet, &l->out, l->payload_type, l->extension, &load->clip, frame);
    int advance = l->mode == DTX ? DTX_FRAMES : 1;
    l->octets += (uint64_t)load->clip.sizes[frame];
    l->frame = (l->frame + 1) % (load->clip.frames - 1);
    l->out.sequence++;
    l->out.timestamp += (uint32_t)(FRAME_SAMPLES * advance);
    if (load->protect(l->tx, packet, &length) ||
        sendto(l->fd, packet, (size_t)length, 0, (struct sockaddr *)&l->remote, sizeof l->remote) < 0) {
        load->totals.send_failures++;
        return;
    }
    l->sent++;
    load->totals.sent++;
}

/* A sender report if the link speaks, a receiver report of its slots (RFC 3550 section 6.4). */
static void send_report(struct load *load, struct link *l) {
    uint8_t packet[1200], *at = packet;
    int blocks = 0;
    if (l->sent) {
        uint64_t now = clock_ns(CLOCK_REALTIME);
        put32(at, 0x80C80006u);
        put32(at + 4, l->out.ssrc);
        put32(at + 8, (uint32_t)(now / 1000000000u + 2208988800u));
        put32(at + 12, (uint32_t)((now % 1000000000u << 32) / 1000000000u));
        put32(at + 16, l->out.timestamp);
        put32(at + 20, (uint32_t)l->sent);
        put32(at + 24, (uint32_t)l->octets);
        at += 28;
    }
    uint8_t *report = at;
    at += 8;
    for (int i = 0; i < SLOTS; i++) {
        const struct slot *s = &l->slots[i];
        if (!s->packets) continue;
        memset(at, 0, 24);
        put32(at, s->ssrc);
        put32(at + 4, (uint32_t)(s->highest - s->first + 1 - s->packets) & 0xFFFFFF);
        put32(at + 8, s->highest);
        at += 24;
        blocks++;
    }
    put32(report, 0x80C90000u | (uint32_t)blocks << 24 | (uint32_t)(1 + 6 * blocks));
    put32(report + 4, l->out.ssrc);
    int length = (int)(at - packet);
    if (!load->protect_rtcp(l->tx, packet, &length))
        sendto(l->fd, packet, (size_t)length, 0, (struct sockaddr *)&l->remote, sizeof l->remote);
}

/* Do all that is due and return the time of the next. Late packets are sent later, never skipped. */
static uint64_t send_due(struct load *load) {
    uint64_t now = clock_ns(CLOCK_MONOTONIC), next = now + ROUND_NS;
    if (now < load->next_ns) return load->next_ns;
    for (int i = 0; i < load->links; i++) {
        struct link *l = &load->link[i];
        if (!l->tx) continue;
        if (now >= l->report_ns) {
            send_report(load, l);
            l->report_ns += REPORT_NS;
        }
        if (l->mode == SILENT) continue;
        while (l->due_ns <= now) {
            if (now - l->due_ns > load->totals.worst_late_ns) load->totals.worst_late_ns = now - l->due_ns;
            send_frame(load, l);
            l->due_ns += l->mode == DTX ? DTX_FRAMES * FRAME_NS : FRAME_NS;
        }
        if (l->due_ns < next) next = l->due_ns;
    }
    load->next_ns = next;
    return next;
}

static void count(struct load *load, struct link *l, uint32_t ssrc, uint16_t sequence) {
    uint32_t at = ssrc * 2654435769u >> 27;
    for (int tries = 0; tries < SLOTS; tries++, at = (at + 1) % SLOTS) {
        struct slot *s = &l->slots[at];
        if (s->packets && s->ssrc != ssrc) continue;
        if (!s->packets) {
            *s = (struct slot){.ssrc = ssrc, .first = sequence, .highest = sequence, .packets = 1};
            return;
        }
        int16_t step = (int16_t)(sequence - (uint16_t)s->highest);
        if (step > 0) {
            s->highest += (uint16_t)step;
            load->totals.gaps += (uint64_t)(step - 1);
        } else if (load->totals.gaps) {
            load->totals.gaps--; /* late, not lost */
        }
        s->packets++;
        return;
    }
}

static void measure(struct load *load, struct link *l, uint8_t *data, int length, uint64_t arrival_ns) {
    if (load->unprotect(l->rx, data, &length)) {
        load->totals.forged++;
        return;
    }
    load->totals.checked++;
    int64_t delay = (int64_t)(arrival_ns - get64(data + length - STAMP_BYTES)) / 1000;
    if (delay > FOREIGN_US || delay < -FOREIGN_US) return; /* a tutor's audio has no time stamp */
    load->totals.delays[delay < 0 ? 0 : delay >= DELAY_BUCKETS ? DELAY_BUCKETS - 1 : delay]++;
}

static void keep(struct load *load, int index, const struct sockaddr_in *from, const uint8_t *data, int length) {
    if (load->kept_count == KEPT || length > KEPT_BYTES) {
        load->totals.control_lost++;
        return;
    }
    struct kept *k = &load->kept[(load->kept_first + load->kept_count++) % KEPT];
    k->link = index;
    k->length = length;
    k->host = from->sin_addr.s_addr;
    k->port = ntohs(from->sin_port);
    memcpy(k->data, data, (size_t)length);
}

static uint64_t arrival(struct msghdr *message) {
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c))
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec t;
            memcpy(&t, CMSG_DATA(c), sizeof t);
            return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
        }
    return clock_ns(CLOCK_REALTIME);
}

static void take(struct load *load, int index, struct msghdr *message, uint8_t *data, int length) {
    struct link *l = &load->link[index];
    if (length < 20 || data[0] < 128 || data[0] > 191) { /* RFC 7983 */
        keep(load, index, message->msg_name, data, length);
        return;
    }
    if (data[1] >= 192 && data[1] <= 223) { /* RFC 5761 section 4 */
        load->totals.rtcp++;
        return;
    }
    uint64_t at = arrival(message);
    if (!l->received++) l->first_arrival_ns = at;
    load->totals.received++;
    count(load, l, get32(data + 8), get16(data + 2));
    if (load->totals.received % (uint64_t)load->check_every == 0) measure(load, l, data, length, at);
}

static uint8_t data[BATCH][KEPT_BYTES];
static char control[BATCH][64];
static struct sockaddr_in from[BATCH];
static struct iovec iov[BATCH];
static struct mmsghdr messages[BATCH];

/* Process the first `n` buffers, which the kernel has filled. */
static void renew_messages(int n) {
    for (int i = 0; i < n; i++) {
        iov[i] = (struct iovec){data[i], sizeof data[i]};
        messages[i].msg_hdr = (struct msghdr){.msg_name = &from[i], .msg_namelen = sizeof from[i],
                                              .msg_iov = &iov[i], .msg_iovlen = 1,
                                              .msg_control = control[i], .msg_controllen = sizeof control[i]};
    }
}

static void drain(struct load *load, int index) {
    for (int got = BATCH; got == BATCH;) {
        got = recvmmsg(load->link[index].fd, messages, BATCH, MSG_DONTWAIT, 0);
        for (int i = 0; i < got; i++)
            take(load, index, &messages[i].msg_hdr, data[i], (int)messages[i].msg_len);
        renew_messages(got);
    }
}

/* Runs until load_stop. One thread and one load a process. Realtime if permitted: packets delayed by Python would come
 * in bursts and delay the server.
 */
void load_run(struct load *load) {
    uint64_t read_at = 0;
    renew_messages(BATCH);
    pthread_setschedparam(pthread_self(), SCHED_FIFO, &(struct sched_param){.sched_priority = 2});
    prctl(PR_SET_TIMERSLACK, 1);
    while (!atomic_load(&load->stopping)) {
        pthread_mutex_lock(&load->lock);
        uint64_t next = send_due(load);
        if (clock_ns(CLOCK_MONOTONIC) >= read_at) {
            for (int i = 0; i < load->links; i++) {
                if (load->link[i].fd >= 0) drain(load, i);
                if (i % 16 == 15) send_due(load);
            }
            read_at = clock_ns(CLOCK_MONOTONIC) + ROUND_NS;
            next = send_due(load);
        }
        pthread_mutex_unlock(&load->lock);
        sleep_until(((next < read_at ? next : read_at) / GRID_NS + 1) * GRID_NS);
    }
}

void load_stop(struct load *load) { atomic_store(&load->stopping, 1); }

void load_totals(struct load *load, struct totals *to) {
    pthread_mutex_lock(&load->lock);
    *to = load->totals;
    load->totals.worst_late_ns = 0;
    pthread_mutex_unlock(&load->lock);
}

/* CLOCK_REALTIME of a link's first RTP packet, 0 before it. */
uint64_t load_first_arrival(struct load *load, int index) {
    pthread_mutex_lock(&load->lock);
    uint64_t at = load->link[index].first_arrival_ns;
    pthread_mutex_unlock(&load->lock);
    return at;
}

/* The oldest kept datagram; 0 if there is none. */
int load_take(struct load *load, struct kept *to) {
    pthread_mutex_lock(&load->lock);
    int found = load->kept_count > 0;
    if (found) {
        *to = load->kept[load->kept_first];
        load->kept_first = (load->kept_first + 1) % KEPT;
        load->kept_count--;
    }
    pthread_mutex_unlock(&load->lock);
    return found;
}
