#define _GNU_SOURCE /* struct ucred */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/big_endian.h"
#include "base/descriptor.h"
#include "datadir/frame.h"

#define SOCKET_NAME "control.sock"
enum { HEAD = 4, BACKLOG = 16, PATH_ROOM = 4096 };

static enum tu_status failed(const char *doing, struct tu_error *err)
{
	return tu_fail(err, TU_E_IO, 0, "control socket: cannot %s: %s", doing, strerror(errno));
}

/* ---- sending ---- */

enum tu_status tu_frame_send(int socket, struct tu_str text, int fd, struct tu_error *err)
{
	unsigned char head[HEAD];
	struct iovec pieces[2] = {
		{head, HEAD}, {(void *)(uintptr_t)(text.len ? text.ptr : ""), text.len}};
	struct msghdr message = {.msg_iov = pieces, .msg_iovlen = 2};
	union tu_descriptor_room room;

	tu_big_endian_put(head, text.len, HEAD);
	if (fd >= 0)
		tu_descriptor_attach(&message, &room, fd);
	while (pieces[0].iov_len + pieces[1].iov_len) {
		ssize_t sent = sendmsg(socket, &message, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return failed("send", err);
		message.msg_control = NULL; /* it went with the first byte */
		message.msg_controllen = 0;
		for (int i = 0; i < 2; i++) {
			size_t part =
				(size_t)sent < pieces[i].iov_len ? (size_t)sent : pieces[i].iov_len;

			pieces[i].iov_base = (char *)pieces[i].iov_base + part;
			pieces[i].iov_len -= part;
			sent -= (ssize_t)part;
		}
	}
	return TU_OK;
}

/* ---- receiving ---- */

static enum tu_status receive(int socket, void *out, size_t len, int *out_fd, struct tu_error *err)
{
	size_t have = 0;

	while (have < len) {
		struct iovec piece = {(char *)out + have, len - have};
		union tu_descriptor_room room;
		struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
		ssize_t got;

		tu_descriptor_expect(&message, &room);
		got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return failed("receive", err);
		tu_descriptor_take(&message, out_fd);
		if (got == 0)
			return have ? tu_fail(err, TU_E_SYNTAX, 0, "control socket: cut off")
				    : tu_fail(err, TU_E_NOTFOUND, 0,
					      "control socket: the other side ended");
		have += (size_t)got;
	}
	return TU_OK;
}

enum tu_status tu_frame_receive(
	int socket, size_t limit, struct tu_buf *out, int *out_fd, struct tu_error *err)
{
	unsigned char head[HEAD];
	size_t len = 0;
	enum tu_status status;

	if (out_fd)
		*out_fd = -1;
	tu_buf_clear(out);
	status = receive(socket, head, HEAD, out_fd, err);
	if (!status)
		len = (size_t)tu_big_endian_get(head, HEAD);
	if (!status && len > limit)
		status = tu_fail(err, TU_E_LIMIT, 0,
			"control socket: a message of %zu bytes; at most %zu are read", len, limit);
	if (!status && !tu_buf_reserve(out, len + 64)) /* what a JSON parser may read beyond */
		status = tu_no_memory(err);
	if (!status && len)
		status = receive(socket, out->ptr, len, out_fd, err);
	if (!status)
		out->len = len;
	if (status && out_fd && *out_fd >= 0) {
		(void)close(*out_fd);
		*out_fd = -1;
	}
	return status;
}

enum tu_status tu_frame_peer(int socket, unsigned long *out_uid, struct tu_error *err)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size))
		return failed("ask who is there", err);
	*out_uid = peer.uid;
	return TU_OK;
}

/* ---- the address ---- */

/* A path that fits: the folder's own, or by its descriptor. */
static bool address_of(const char *folder, int fd, struct sockaddr_un *out)
{
	int len;

	memset(out, 0, sizeof(*out));
	out->sun_family = AF_UNIX;
	if (strlen(folder) + sizeof("/" SOCKET_NAME) <= sizeof(out->sun_path))
		len = snprintf(out->sun_path, sizeof(out->sun_path), "%s/" SOCKET_NAME, folder);
	else
		len = snprintf(
			out->sun_path, sizeof(out->sun_path), "/proc/self/fd/%d/" SOCKET_NAME, fd);
	return len > 0 && (size_t)len < sizeof(out->sun_path);
}

static int listen_at(int socket, const struct sockaddr_un *address)
{
	if (unlink(address->sun_path) && errno != ENOENT) /* the lock is ours: it is a dead one's */
		return -1;
	if (bind(socket, (const struct sockaddr *)address, sizeof(*address)) ||
		chmod(address->sun_path, 0600))
		return -1;
	return listen(socket, BACKLOG);
}

enum tu_status tu_frame_open(
	const char *folder, enum tu_frame_end end, int *out_socket, struct tu_error *err)
{
	int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), wrong;
	struct sockaddr_un address;
	enum tu_status status = TU_OK;

	if (fd < 0 || made < 0 || !address_of(folder, fd, &address))
		status = failed("open", err);
	else {
		wrong = end == TU_FRAME_LISTEN
			? listen_at(made, &address)
			: connect(made, (const struct sockaddr *)&address, sizeof(address));
		if (wrong)
			status = failed(end == TU_FRAME_LISTEN ? "listen" : "connect", err);
	}
	if (fd >= 0)
		(void)close(fd);
	if (status && made >= 0)
		(void)close(made);
	if (!status)
		*out_socket = made;
	return status;
}
