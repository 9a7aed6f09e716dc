/*
 * A descriptor that goes with a message over a socket of this machine (SCM_RIGHTS, unix(7)). Only
 * how it is put into a message and taken out; sending and receiving are the caller's, so that
 * libtutela, of which this folder is part, makes no call of a socket.
 */
#ifndef TU_BASE_DESCRIPTOR_H
#define TU_BASE_DESCRIPTOR_H

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What of a message the descriptor is in; lives as long as the message. */
union tu_descriptor_room {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(int))];
};

/* Before recvmsg(): one may come. Without it the kernel lets none in. */
static inline void tu_descriptor_expect(struct msghdr *message, union tu_descriptor_room *room)
{
	memset(room, 0, sizeof(*room));
	message->msg_control = room->bytes;
	message->msg_controllen = sizeof(room->bytes);
}

/* Before sendmsg(): it goes with the first byte. It stays the caller's. */
static inline void tu_descriptor_attach(
	struct msghdr *message, union tu_descriptor_room *room, int descriptor)
{
	struct cmsghdr *head;

	tu_descriptor_expect(message, room);
	head = CMSG_FIRSTHDR(message);
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(descriptor));
	memcpy(CMSG_DATA(head), &descriptor, sizeof(descriptor));
}

/* After recvmsg(): the first descriptor that came goes to *descriptor when that is -1; every other
 * is closed. NULL: all are. */
static inline void tu_descriptor_take(struct msghdr *message, int *descriptor)
{
	for (struct cmsghdr *head = CMSG_FIRSTHDR(message); head;
		head = CMSG_NXTHDR(message, head)) {
		size_t count = head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS
			? (head->cmsg_len - CMSG_LEN(0)) / sizeof(int)
			: 0;

		for (size_t i = 0; i < count; i++) {
			int came;

			memcpy(&came, CMSG_DATA(head) + i * sizeof(int), sizeof(came));
			if (descriptor && *descriptor < 0)
				*descriptor = came;
			else
				(void)close(came);
		}
	}
}

#endif
