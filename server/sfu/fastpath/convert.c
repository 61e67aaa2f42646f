#include "bindings.h"

#include <arpa/inet.h>

bool read_address(const char *host, int port, bool is_tcp, struct address *address)
{
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    address->port = (uint16_t)port;
    address->is_tcp = is_tcp;
    memcpy(address->ip, mapped, sizeof mapped);
    if (port >= 0 && port <= 0xFFFF
        && (inet_pton(AF_INET, host, address->ip + 12) == 1 || inet_pton(AF_INET6, host, address->ip) == 1))
        return true;
    PyErr_Format(PyExc_ValueError, "not an IP address and port: %s %d", host, port);
    return false;
}

PyObject *make_address(const struct address *address)
{
    struct in6_addr ip;
    char text[INET6_ADDRSTRLEN];
    memcpy(&ip, address->ip, sizeof ip);
    if (IN6_IS_ADDR_V4MAPPED(&ip))
        inet_ntop(AF_INET, address->ip + 12, text, sizeof text);
    else
        inet_ntop(AF_INET6, &ip, text, sizeof text);
    return Py_BuildValue("((si)s)", text, (int)address->port, address->is_tcp ? "tcp" : "udp");
}

int read_numbers(PyObject *from, uint32_t to[MAX_SLOTS])
{
    PyObject *items = PySequence_Fast(from, "a sequence of numbers");
    if (!items)
        return -1;
    Py_ssize_t count = PySequence_Fast_GET_SIZE(items);
    if (count > MAX_SLOTS)
        PyErr_Format(PyExc_ValueError, "more than %d slots", MAX_SLOTS);
    for (Py_ssize_t i = 0; i < count && !PyErr_Occurred(); i++) {
        PyObject *item = PySequence_Fast_GET_ITEM(items, i);
        to[i] = item == Py_None ? 0 : (uint32_t)PyLong_AsUnsignedLong(item);
    }
    Py_DECREF(items);
    return PyErr_Occurred() ? -1 : (int)count;
}

bool append(PyObject *list, PyObject *item)
{
    bool done = item && PyList_Append(list, item) == 0;
    Py_XDECREF(item);
    return done;
}
