#include "reuseport.h"

#include <linux/filter.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "network.h"

/* Sockets that share a port are numbered in the order in which they came (socket(7), SO_ATTACH_REUSEPORT_CBPF). An empty
 * datagram ends the program, which then returns 0. */
static bool attach(int fd)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 128, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, MEDIA),
        BPF_STMT(BPF_RET | BPF_K, CONTROL),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    return setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &program, sizeof program) == 0;
}

static bool share_port(int fd, bool is_shared)
{
    int value = is_shared;
    return setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &value, sizeof value) == 0;
}

static bool is_alike(int media_fd, int fd, sa_family_t family)
{
    int room, v6_only;
    socklen_t size = sizeof room;
    if (getsockopt(media_fd, SOL_SOCKET, SO_RCVBUF, &room, &size))
        return false;
    room /= 2; /* the kernel returns twice the requested size; only root may exceed the system's limit */
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room))
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    size = sizeof v6_only;
    return family != AF_INET6
        || (getsockopt(media_fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6_only, &size) == 0
            && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6_only, sizeof v6_only) == 0);
}

int reuseport_open(int media_fd)
{
    struct sockaddr_storage name;
    socklen_t size = sizeof name;
    if (getsockname(media_fd, (struct sockaddr *)&name, &size))
        return -1;
    int fd = socket(name.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    /* Shared only after it is bound: a second server still gets EADDRINUSE. */
    if (is_alike(media_fd, fd, name.ss_family) && share_port(media_fd, true) && share_port(fd, true)
        && bind(fd, (struct sockaddr *)&name, size) == 0 && attach(fd))
        return fd;
    share_port(media_fd, false);
    close(fd);
    return -1;
}
