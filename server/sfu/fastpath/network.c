#include "network.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "reuseport.h"

enum {
    STRIDE = 1536,
    SEND_WAIT_MS = 1, /* for a full socket buffer, once a batch: waiting longer would delay reception */
};

union socket_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

struct batch {
    struct mmsghdr headers[OUTBOX_PACKETS];
    struct iovec pieces[OUTBOX_PACKETS];
    union socket_address names[OUTBOX_PACKETS];
};

struct network {
    int fds[QUEUES]; /* CONTROL may be missing */
    sa_family_t family;
    socklen_t name_size;
    struct batch in, out;
    alignas(64) uint8_t buffers[NETWORK_BATCH][STRIDE];
};

_Static_assert((int)NETWORK_BATCH <= (int)OUTBOX_PACKETS, "a batch has room for what is received");
_Static_assert((int)STRIDE > (int)MAX_PACKET && STRIDE % 64 == 0, "longer datagrams are recognised");

static const uint8_t MAPPED[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

static void link_batch(struct network *network, struct batch *batch)
{
    for (unsigned i = 0; i < OUTBOX_PACKETS; i++) {
        batch->headers[i].msg_hdr = (struct msghdr){
            .msg_name = &batch->names[i],
            .msg_namelen = network->name_size,
            .msg_iov = &batch->pieces[i],
            .msg_iovlen = 1,
        };
        if (network->family == AF_INET6)
            batch->names[i].v6 = (struct sockaddr_in6){.sin6_family = AF_INET6};
        else
            batch->names[i].v4 = (struct sockaddr_in){.sin_family = AF_INET};
    }
}

struct network *network_new(int fd)
{
    union socket_address bound;
    socklen_t size = sizeof bound;
    if (getsockname(fd, &bound.any, &size) || (bound.any.sa_family != AF_INET && bound.any.sa_family != AF_INET6)) {
        errno = EAFNOSUPPORT;
        return NULL;
    }
    struct network *network = aligned_alloc(64, (sizeof *network + 63) & ~(size_t)63);
    if (!network)
        return NULL;
    memset(network, 0, sizeof *network);
    network->fds[MEDIA] = fd;
    network->fds[CONTROL] = reuseport_open(fd);
    network->family = bound.any.sa_family;
    network->name_size = network->family == AF_INET6 ? sizeof bound.v6 : sizeof bound.v4;
    link_batch(network, &network->in);
    link_batch(network, &network->out);
    for (unsigned i = 0; i < NETWORK_BATCH; i++)
        network->in.pieces[i] = (struct iovec){network->buffers[i], MAX_PACKET + 1};
    return network;
}

void network_free(struct network *network)
{
    if (network->fds[CONTROL] >= 0)
        close(network->fds[CONTROL]);
    free(network);
}

int network_fd(const struct network *network, enum queue queue) { return network->fds[queue]; }

static void read_name(const union socket_address *name, struct address *address)
{
    address->is_tcp = false;
    if (name->any.sa_family == AF_INET6) {
        memcpy(address->ip, &name->v6.sin6_addr, 16);
        address->port = ntohs(name->v6.sin6_port);
    } else {
        memcpy(address->ip, MAPPED, sizeof MAPPED);
        memcpy(address->ip + 12, &name->v4.sin_addr, 4);
        address->port = ntohs(name->v4.sin_port);
    }
}

static void write_name(const struct network *network, const struct address *address, union socket_address *name)
{
    if (network->family == AF_INET6) {
        memcpy(&name->v6.sin6_addr, address->ip, 16);
        name->v6.sin6_port = htons(address->port);
    } else {
        memcpy(&name->v4.sin_addr, address->ip + 12, 4);
        name->v4.sin_port = htons(address->port);
    }
}

unsigned network_receive(
    struct network *network, enum queue queue, struct traffic *traffic, struct received items[NETWORK_BATCH])
{
    struct batch *in = &network->in;
    int found;
    if (network->fds[queue] < 0)
        return 0;
    do
        found = recvmmsg(network->fds[queue], in->headers, NETWORK_BATCH, MSG_DONTWAIT, NULL);
    while (found < 0 && errno == EINTR);
    if (found < 0) {
        /* Otherwise an ICMP error of an earlier datagram; the next read continues after it. */
        if (errno != EAGAIN)
            count(&traffic->errors, 1);
        return 0;
    }
    for (int i = 0; i < found; i++) {
        items[i].bytes = network->buffers[i];
        items[i].size = in->headers[i].msg_len;
        read_name(&in->names[i], &items[i].from);
        in->headers[i].msg_hdr.msg_namelen = network->name_size;
    }
    return (unsigned)found;
}

static bool wait_for_room(const struct network *network)
{
    struct pollfd room = {network->fds[MEDIA], POLLOUT, 0};
    return poll(&room, 1, SEND_WAIT_MS) == 1;
}

void network_send(struct network *network, struct traffic *traffic, const struct outbox *outbox)
{
    struct batch *out = &network->out;
    unsigned total = 0, sent = 0;
    for (unsigned i = 0; i < outbox->count; i++) {
        const struct outgoing *item = &outbox->items[i];
        if (item->to.is_tcp)
            continue;
        out->pieces[total] = (struct iovec){(void *)(outbox->bytes + item->at), item->size};
        write_name(network, &item->to, &out->names[total++]);
    }
    bool has_waited = false;
    while (sent < total) {
        int taken = sendmmsg(network->fds[MEDIA], out->headers + sent, total - sent, MSG_DONTWAIT);
        if (taken > 0) {
            sent += (unsigned)taken;
        } else if (errno == EAGAIN || errno == ENOBUFS) {
            if (has_waited || !wait_for_room(network)) {
                count(&traffic->unsent, total - sent);
                return;
            }
            has_waited = true;
        } else if (errno != EINTR) { /* this destination is unreachable; the others do not depend on it */
            count(&traffic->unsent, 1);
            sent++;
        }
    }
}
