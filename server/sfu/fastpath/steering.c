#include "steering.h"

#include <linux/filter.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "network.h"

static bool copy_option(int from, int to, int level, int name)
{
    int value;
    socklen_t size = sizeof value;
    return getsockopt(from, level, name, &value, &size) == 0 && setsockopt(to, level, name, &value, size) == 0;
}

/* Sockets that share a port are numbered in the order in which they came (socket(7), SO_ATTACH_REUSEPORT_CBPF). An empty
 * datagram ends the program, which then says 0. */
static bool attach(int fd)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 128, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, MEDIA),
        BPF_STMT(BPF_RET | BPF_K, ASIDE),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    return setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &program, sizeof program) == 0;
}

static bool join(int media_fd, int fd, const struct sockaddr_storage *name, socklen_t size)
{
    int yes = 1;
    if (name->ss_family == AF_INET6 && !copy_option(media_fd, fd, IPPROTO_IPV6, IPV6_V6ONLY))
        return false;
    /* Only now for the first: it has the port to itself, so that a second server is still told that it is in use. */
    return setsockopt(media_fd, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes) == 0
        && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes) == 0
        && bind(fd, (const struct sockaddr *)name, size) == 0 && attach(fd);
}

int steering_open(int media_fd)
{
    struct sockaddr_storage name;
    socklen_t size = sizeof name;
    if (getsockname(media_fd, (struct sockaddr *)&name, &size))
        return -1;
    int fd = socket(name.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0 && !join(media_fd, fd, &name, size)) {
        close(fd);
        fd = -1;
    }
    return fd;
}
