/* Shared by the files of the Python bindings.
 *
 * All methods run with the GIL held, so there is one producer of commands and one consumer of events. The media thread
 * never takes the GIL. */
#ifndef PARLOR_BINDINGS_H
#define PARLOR_BINDINGS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "data_plane.h"

struct object {
    PyObject_HEAD
    struct data_plane *plane;
    struct map peers;     /* by handle: those that have not been removed */
    struct peer *leaving; /* removed, and not yet released; linked by `next_leaving` */
    PyObject *sent;       /* without a thread: datagrams that the outbox flushed */
};

/* False with an exception set. */
bool read_address(const char *host, int port, bool is_tcp, struct address *address);
PyObject *make_address(const struct address *address);

/* Converts a sequence of numbers, None to 0. Returns how many, or -1 with an exception set. */
int read_numbers(PyObject *from, uint32_t to[MAX_SLOTS]);

/* Steals the reference to `item`. False with an exception set. */
bool append(PyObject *list, PyObject *item);

/* commands.c */
PyObject *method_add_peer(struct object *self, PyObject *args);
PyObject *method_set_answer(struct object *self, PyObject *args);
PyObject *method_set_sessions(struct object *self, PyObject *args);
PyObject *method_set_destination(struct object *self, PyObject *args);
PyObject *method_set_consent(struct object *self, PyObject *args);
PyObject *method_set_muted(struct object *self, PyObject *args);
PyObject *method_assign(struct object *self, PyObject *args);
PyObject *method_remove_peer(struct object *self, PyObject *args);
PyObject *method_open_route(struct object *self, PyObject *args);
PyObject *method_close_route(struct object *self, PyObject *args);
PyObject *method_open_stream(struct object *self, PyObject *args);
PyObject *method_close_stream(struct object *self, PyObject *args);
PyObject *method_send_stream(struct object *self, PyObject *args);

/* events.c */
PyObject *method_drain(struct object *self, PyObject *args);
PyObject *method_quality(struct object *self, PyObject *args);
PyObject *method_counters(struct object *self, PyObject *unused);
PyObject *method_traffic(struct object *self, PyObject *unused);

#endif
