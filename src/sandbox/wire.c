#define _GNU_SOURCE /* MSG_CMSG_CLOEXEC */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "sandbox/wire.h"

union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static void attach(struct msghdr *message, union control *control, int fd)
{
	struct cmsghdr *header;

	memset(control, 0, sizeof(*control));
	message->msg_control = control->bytes;
	message->msg_controllen = sizeof(control->bytes);
	header = CMSG_FIRSTHDR(message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
}

bool tu_sandbox__send(int socket, const void *bytes, size_t len, int fd)
{
	const char *from = bytes;

	while (len) {
		struct iovec piece = {.iov_len = len};
		struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
		union control control;
		ssize_t sent;

		memcpy(&piece.iov_base, &from, sizeof(from)); /* sendmsg() does not write there */
		if (fd >= 0)
			attach(&message, &control, fd);
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

/* The descriptor that came; any other that a stranger could have put beside it is closed. */
static void take_descriptor(struct msghdr *message, int *fd)
{
	for (struct cmsghdr *h = CMSG_FIRSTHDR(message); h; h = CMSG_NXTHDR(message, h)) {
		int came;

		if (h->cmsg_level != SOL_SOCKET || h->cmsg_type != SCM_RIGHTS ||
			h->cmsg_len < CMSG_LEN(sizeof(came)))
			continue;
		memcpy(&came, CMSG_DATA(h), sizeof(came));
		if (*fd >= 0)
			(void)close(came);
		else
			*fd = came;
	}
}

bool tu_sandbox__receive(int socket, void *bytes, size_t len, int *out_fd)
{
	char *to = bytes;
	int fd = -1;

	while (len) {
		struct iovec piece = {to, len};
		struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
		union control control;
		ssize_t got;

		/* Without room for one, the kernel lets no descriptor in. */
		if (out_fd) {
			message.msg_control = control.bytes;
			message.msg_controllen = sizeof(control.bytes);
		}
		got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
		if (got == 0 || (got < 0 && errno != EINTR))
			break;
		if (got > 0) {
			take_descriptor(&message, &fd);
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
