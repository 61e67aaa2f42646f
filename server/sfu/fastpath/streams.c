#include "streams.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "routes.h"

enum {
    PREFIX = 2,
    INPUT = 2 * (PREFIX + STREAM_FRAME),
    UNSENT = PREFIX + MAX_PACKET + SRTP_TRAILER,
};

/* `fd` -1: ended, and not reported yet, or free. */
struct stream {
    int fd;
    struct address address;
    struct stream *next; /* of the free ones, or of those to report */
    size_t in_size, unsent_size;
    uint8_t in[INPUT];
    uint8_t unsent[UNSENT]; /* rest of a frame of which the kernel took a part */
};

struct streams {
    int epoll_fd;
    unsigned count; /* open */
    struct stream *free, *closed, **closed_end;
    struct routes by_address; /* index in `pool`, counted from 1 */
    struct stream *pool;
    alignas(64) uint8_t frame[STREAM_FRAME + SRTP_TRAILER];
};

struct streams *streams_new(void)
{
    struct streams *streams = aligned_alloc(64, (sizeof *streams + 63) & ~(size_t)63);
    if (!streams)
        return NULL;
    memset(streams, 0, sizeof *streams);
    streams->closed_end = &streams->closed;
    streams->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    streams->pool = calloc(STREAMS, sizeof *streams->pool); /* pages are untouched until a connection uses them */
    bool has_routes = routes_init(&streams->by_address, STREAMS);
    if (streams->epoll_fd < 0 || !streams->pool || !has_routes) {
        streams_free(streams);
        return NULL;
    }
    for (unsigned i = STREAMS; i-- > 0;) {
        streams->pool[i].fd = -1;
        streams->pool[i].next = streams->free;
        streams->free = &streams->pool[i];
    }
    return streams;
}

void streams_free(struct streams *streams)
{
    for (unsigned i = 0; streams->pool && i < STREAMS && streams->count; i++)
        if (streams->pool[i].fd >= 0)
            close(streams->pool[i].fd);
    if (streams->epoll_fd >= 0)
        close(streams->epoll_fd);
    routes_free(&streams->by_address);
    free(streams->pool);
    free(streams);
}

int streams_fd(const struct streams *streams) { return streams->count ? streams->epoll_fd : -1; }

static struct stream *find(const struct streams *streams, const struct address *address)
{
    uint32_t number = routes_find(&streams->by_address, address);
    return number ? &streams->pool[number - 1] : NULL;
}

static bool watch(struct streams *streams, struct stream *stream, int operation, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = stream};
    return epoll_ctl(streams->epoll_fd, operation, stream->fd, &event) == 0;
}

static void report_closed(struct streams *streams, struct stream *stream)
{
    stream->next = NULL;
    *streams->closed_end = stream;
    streams->closed_end = &stream->next;
}

static void end(struct streams *streams, struct stream *stream)
{
    /* Also if a child process still has the socket: otherwise it would be announced further. */
    watch(streams, stream, EPOLL_CTL_DEL, 0);
    close(stream->fd);
    stream->fd = -1;
    streams->count--;
    routes_close(&streams->by_address, &stream->address);
    report_closed(streams, stream);
}

void streams_open(struct streams *streams, int fd, const struct address *address)
{
    struct stream *stream = streams->free;
    if (!stream) {
        close(fd);
        return;
    }
    streams->free = stream->next;
    stream->fd = fd;
    stream->address = *address;
    stream->in_size = stream->unsent_size = 0;
    streams->count++;
    routes_open(&streams->by_address, address, (uint32_t)(stream - streams->pool) + 1);
    if (!watch(streams, stream, EPOLL_CTL_ADD, EPOLLIN))
        end(streams, stream);
}

void streams_close(struct streams *streams, const struct address *address)
{
    struct stream *stream = find(streams, address);
    if (stream)
        end(streams, stream);
}

bool streams_next_closed(const struct streams *streams, struct address *address)
{
    if (!streams->closed)
        return false;
    *address = streams->closed->address;
    return true;
}

void streams_reported(struct streams *streams)
{
    struct stream *stream = streams->closed;
    streams->closed = stream->next;
    if (!streams->closed)
        streams->closed_end = &streams->closed;
    stream->next = streams->free;
    streams->free = stream;
}

/* Receiving */

/* Passes on the whole frames of the input. False: it holds one that is too long. */
static bool take_frames(
    struct streams *streams, struct stream *stream, take_frame *take, void *context, double now)
{
    size_t at = 0;
    while (stream->fd >= 0 && stream->in_size - at >= PREFIX) {
        size_t size = get16(stream->in + at);
        if (size > STREAM_FRAME)
            return false;
        if (stream->in_size - at < PREFIX + size)
            break;
        struct received frame = {.bytes = streams->frame, .size = size, .from = stream->address};
        memcpy(streams->frame, stream->in + at + PREFIX, size);
        take(context, &frame, now);
        at += PREFIX + size;
    }
    stream->in_size -= at;
    memmove(stream->in, stream->in + at, stream->in_size);
    return true;
}

static void read_from(struct streams *streams, struct stream *stream, struct traffic *traffic, take_frame *take,
    void *context, double now)
{
    ssize_t size = recv(stream->fd, stream->in + stream->in_size, sizeof stream->in - stream->in_size, MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (size <= 0) {
        end(streams, stream);
        return;
    }
    stream->in_size += (size_t)size;
    if (!take_frames(streams, stream, take, context, now)) {
        count(&traffic->oversize, 1);
        end(streams, stream);
    }
}

static bool complete(struct streams *streams, struct stream *stream);

void streams_receive(
    struct streams *streams, struct traffic *traffic, take_frame *take, void *context, double now)
{
    struct epoll_event events[NETWORK_BATCH];
    int found = streams->count ? epoll_wait(streams->epoll_fd, events, NETWORK_BATCH, 0) : 0;
    for (int i = 0; i < found; i++) {
        struct stream *stream = events[i].data.ptr; /* one that ended in this batch is not used again before it is reported */
        if (stream->fd >= 0 && events[i].events & EPOLLOUT)
            complete(streams, stream);
        if (stream->fd >= 0 && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
            read_from(streams, stream, traffic, take, context, now);
    }
}

/* Sending */

static bool is_full(void) { return errno == EAGAIN || errno == ENOBUFS || errno == EINTR; }

/* Sends the rest of a frame. False: not all of it could be sent, or the connection has ended. */
static bool complete(struct streams *streams, struct stream *stream)
{
    if (!stream->unsent_size)
        return true;
    ssize_t sent = send(stream->fd, stream->unsent, stream->unsent_size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) {
        if (!is_full())
            end(streams, stream);
        return false;
    }
    stream->unsent_size -= (size_t)sent;
    memmove(stream->unsent, stream->unsent + sent, stream->unsent_size);
    if (stream->unsent_size)
        return false;
    watch(streams, stream, EPOLL_CTL_MOD, EPOLLIN);
    return true;
}

/* The rest must follow before another frame: send it when there is room. */
static void keep_rest(struct streams *streams, struct stream *stream, struct iovec pieces[2], size_t sent)
{
    for (unsigned i = 0; i < 2; i++) {
        size_t skipped = sent < pieces[i].iov_len ? sent : pieces[i].iov_len;
        size_t rest = pieces[i].iov_len - skipped;
        memcpy(stream->unsent + stream->unsent_size, (const uint8_t *)pieces[i].iov_base + skipped, rest);
        stream->unsent_size += rest;
        sent -= skipped;
    }
    watch(streams, stream, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
}

void streams_send(
    struct streams *streams, struct traffic *traffic, const struct address *to, const uint8_t *bytes, size_t size)
{
    struct stream *stream = find(streams, to);
    if (!stream || size > UNSENT - PREFIX || !complete(streams, stream)) {
        count(&traffic->unsent_tcp, 1);
        return;
    }
    uint8_t prefix[PREFIX];
    put16(prefix, (uint32_t)size);
    struct iovec pieces[2] = {{prefix, PREFIX}, {(void *)bytes, size}};
    struct msghdr message = {.msg_iov = pieces, .msg_iovlen = 2};
    ssize_t sent = sendmsg(stream->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) {
        count(&traffic->unsent_tcp, 1);
        if (!is_full())
            end(streams, stream);
    } else if ((size_t)sent < PREFIX + size) {
        keep_rest(streams, stream, pieces, (size_t)sent);
    }
}

void streams_send_outbox(struct streams *streams, struct traffic *traffic, const struct outbox *outbox)
{
    for (unsigned i = 0; i < outbox->count; i++) {
        const struct outgoing *item = &outbox->items[i];
        if (item->to.is_tcp)
            streams_send(streams, traffic, &item->to, outbox->bytes + item->at, item->size);
    }
}
