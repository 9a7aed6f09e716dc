/*
 * Messages on the control socket: 4 bytes of length, most significant first, then that many bytes
 * of JSON. A request may carry one open file (SCM_RIGHTS, unix(7)).
 *
 *   request  {"protocol":1,"call":"backup","arguments":{…}}
 *   answer   {"status":"","answer":{…}}, or {"status":"database busy","message":…,"file":…,
 *            "pointer":…,"line":…,"column":…,"offset":…}
 */
#ifndef TU_DATADIR_FRAME_H
#define TU_DATADIR_FRAME_H

#include <tutela/buf.h>
#include <tutela/error.h>

enum { TU_FRAME_PROTOCOL = 1, TU_FRAME_REQUEST_MAX = 1 << 20, TU_FRAME_ANSWER_MAX = 65 << 20 };

/* Send a message; `fd` goes with it, -1: none. TU_E_IO. */
TU_NODISCARD enum tu_status tu_frame_send(
	int socket, struct tu_str text, int fd, struct tu_error *err);
/* Receive one into `out`, at most `limit` bytes; `out_fd` (may be NULL: none is taken) gets the
 * file that came with it, or -1. TU_E_IO, TU_E_LIMIT, TU_E_SYNTAX: what came is no message;
 * TU_E_NOTFOUND: the other side ended before one. */
TU_NODISCARD enum tu_status tu_frame_receive(
	int socket, size_t limit, struct tu_buf *out, int *out_fd, struct tu_error *err);

/* Of the process at the other end, as the kernel says. */
TU_NODISCARD enum tu_status tu_frame_peer(int socket, unsigned long *out_uid, struct tu_error *err);

/* A socket at folder/control.sock, of whatever length that path is. */
enum tu_frame_end { TU_FRAME_LISTEN, TU_FRAME_CONNECT };
TU_NODISCARD enum tu_status tu_frame_open(
	const char *folder, enum tu_frame_end end, int *out_socket, struct tu_error *err);

#endif
