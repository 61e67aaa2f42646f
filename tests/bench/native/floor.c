/* The lowest possible cost of forwarding: for each listener a copy, AES-GCM and its share of a sendmmsg. Nothing is
 * received, routed or looked up. The packets and their times are those of the load generator's speakers.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "packets.h"

enum { BATCH = 64 };

struct listener {
    void *tx;
    struct sockaddr_in address;
};

struct speaker {
    int mode, frame, room;
    uint64_t due_ns;
    struct numbering out;
};

struct floor {
    int fd, rooms, people; /* people in a room */
    srtp_call protect;
    const struct clip *clip;
    struct speaker *speakers;
    struct listener *listeners;
    int filled;
    uint8_t packets[BATCH][MAX_DATAGRAM];
    struct iovec iov[BATCH];
    struct mmsghdr messages[BATCH];
};

static void flush(struct floor *f) {
    for (int done = 0; done < f->filled;) {
        int sent = sendmmsg(f->fd, f->messages + done, (unsigned)(f->filled - done), 0);
        done += sent > 0 ? sent : 1;
    }
    f->filled = 0;
}

/* One packet of a speaker, to everyone else in the room. */
static void forward(struct floor *f, int index) {
    struct speaker *s = &f->speakers[index];
    uint8_t packet[MAX_DATAGRAM];
    int frame = s->mode == DTX ? f->clip->frames - 1 : s->frame;
    int length = write_rtp(packet, &s->out, 111, 1, f->clip, frame);
    s->frame = (s->frame + 1) % (f->clip->frames - 1);
    s->out.sequence++;
    s->out.timestamp += (uint32_t)(FRAME_SAMPLES * (s->mode == DTX ? DTX_FRAMES : 1));
    for (int i = s->room * f->people; i < (s->room + 1) * f->people; i++) {
        if (i == index) continue;
        struct listener *l = &f->listeners[i];
        int n = f->filled++, size = length;
        memcpy(f->packets[n], packet, (size_t)length);
        put32(f->packets[n] + 8, s->out.ssrc + (uint32_t)i);
        f->protect(l->tx, f->packets[n], &size);
        f->iov[n] = (struct iovec){f->packets[n], (size_t)size};
        f->messages[n].msg_hdr = (struct msghdr){.msg_name = &l->address, .msg_namelen = sizeof l->address,
                                                 .msg_iov = &f->iov[n], .msg_iovlen = 1};
        if (f->filled == BATCH) flush(f);
    }
}

/* `rooms` rooms of `people`: sessions and ports (on `host`, network order) of the listeners, modes of the same as
 * speakers. Runs until the process ends.
 */
void floor_run(int fd, int rooms, int people, srtp_call protect, const struct clip *clip, void **sessions,
               uint32_t host, const int32_t *ports, const int32_t *modes) {
    static struct floor f;
    int total = rooms * people;
    f = (struct floor){.fd = fd, .rooms = rooms, .people = people, .protect = protect, .clip = clip,
                       .speakers = calloc((size_t)total, sizeof(struct speaker)),
                       .listeners = calloc((size_t)total, sizeof(struct listener))};
    uint64_t start = clock_ns(CLOCK_MONOTONIC);
    for (int i = 0; i < total; i++) {
        f.listeners[i].tx = sessions[i];
        f.listeners[i].address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = host,
                                                      .sin_port = htons((uint16_t)ports[i])};
        f.speakers[i] = (struct speaker){
            .mode = modes[i], .room = i / people, .out = {.ssrc = 0x10000u * (uint32_t)(i + 1), .sequence = 1000},
            .due_ns = start + phase_ns((uint32_t)i) * (modes[i] == DTX ? DTX_FRAMES : 1)};
    }
    prctl(PR_SET_TIMERSLACK, 1);
    for (;;) {
        uint64_t now = clock_ns(CLOCK_MONOTONIC), next = now + FRAME_NS;
        for (int i = 0; i < total; i++) {
            struct speaker *s = &f.speakers[i];
            if (s->mode == SILENT) continue;
            if (s->due_ns <= now) {
                forward(&f, i);
                s->due_ns += s->mode == DTX ? DTX_FRAMES * FRAME_NS : FRAME_NS;
            }
            if (s->due_ns < next) next = s->due_ns;
        }
        flush(&f);
        sleep_until(next);
    }
}
