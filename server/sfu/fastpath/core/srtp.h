/* libsrtp 2, by address: the shell finds the functions in the libraries that the process has loaded. */
#ifndef PARLOR_SRTP_H
#define PARLOR_SRTP_H

/* `session` is an srtp_t. In place; `packet` must be 4-byte aligned with SRTP_TRAILER bytes to spare. */
typedef int (*srtp_function)(void *session, void *packet, int *size);

struct srtp_functions {
    srtp_function protect, unprotect, protect_rtcp, unprotect_rtcp;
};

/* srtp_err_status_t, fixed since libsrtp 1 */
enum { SRTP_OK = 0, SRTP_REPLAYED = 9, SRTP_TOO_OLD = 10 };

#endif
