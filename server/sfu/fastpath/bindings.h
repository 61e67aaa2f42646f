/* What the files of the extension's Python face share.
 *
 * All methods are called with the GIL held, and so are the one producer of commands and the one consumer of news. The
 * loop's thread never takes the GIL. */
#ifndef PARLOR_BINDINGS_H
#define PARLOR_BINDINGS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "data_plane.h"

struct object {
    PyObject_HEAD
    struct data_plane *plane;
    struct map peers;     /* by handle: those that have not been removed */
    struct peer *leaving; /* removed, and not yet let go of; linked by `next_leaving` */
    PyObject *sent;       /* without a thread: what the outbox flushed */
};

/* False with an exception set. */
bool read_address(const char *host, int port, struct address *address);
PyObject *make_address(const struct address *address);

/* How many, of a sequence of numbers, None for 0; -1 with an exception set. */
int read_numbers(PyObject *from, uint32_t to[MAX_SLOTS]);

/* Takes `item`. False with an exception set. */
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

/* telling.c */
PyObject *method_drain(struct object *self, PyObject *args);
PyObject *method_quality(struct object *self, PyObject *args);
PyObject *method_counters(struct object *self, PyObject *unused);
PyObject *method_traffic(struct object *self, PyObject *unused);

#endif
