#define _GNU_SOURCE /* MSG_CMSG_CLOEXEC */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "sandbox/wire.h"

bool tu_sandbox__send(int socket, const void *bytes, size_t len, int fd)
{
	const char *from = bytes;

	while (len) {
		struct iovec piece = {.iov_len = len};
		struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
		union tu_descriptor_room room;
		ssize_t sent;

		memcpy(&piece.iov_base, &from, sizeof(from)); /* sendmsg() does not write there */
		if (fd >= 0)
			tu_descriptor_attach(&message, &room, fd);
		sent = sendmsg(socket, &message, MSG_NOSIGNAL);
		if (sent < 0 && errno != EINTR)
			return false;
		if (sent > 0) {
			fd = -1;
			from += sent;
			len -= (size_t)sent;
		}
	}
	return true;
}

bool tu_sandbox__receive(int socket, void *bytes, size_t len, int *out_fd)
{
	char *to = bytes;
	int fd = -1;

	while (len) {
		struct iovec piece = {to, len};
		struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
		union tu_descriptor_room room;
		ssize_t got;

		if (out_fd)
			tu_descriptor_expect(&message, &room);
		got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
		if (got == 0 || (got < 0 && errno != EINTR))
			break;
		if (got > 0) {
			tu_descriptor_take(&message, &fd);
			to += got;
			len -= (size_t)got;
		}
	}
	if (len && fd >= 0) {
		(void)close(fd);
		fd = -1;
	}
	if (out_fd)
		*out_fd = fd;
	return len == 0;
}
