/*
 * Landlock: a process gives up rights on files and on the network, for itself and its children.
 *
 * Where the kernel has no Landlock, or an old one, less is given up, and no call fails for it.
 * Linux alone; one thread.
 */
#ifndef TU_BASE_LANDLOCK_H
#define TU_BASE_LANDLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/landlock.h>

#include <tutela/attr.h>

/* Newer than the headers of Debian 12: landlock(7), versions 3 to 6 of its interface. */
#define TU_LANDLOCK_TRUNCATE (UINT64_C(1) << 14)
#define TU_LANDLOCK_DEVICES (UINT64_C(1) << 15)
#define TU_LANDLOCK_NETWORK UINT64_C(3) /* bind and connect by TCP */
#define TU_LANDLOCK_SCOPES UINT64_C(3) /* abstract sockets and signals to others */

/* Every right on files. */
#define TU_LANDLOCK_FILES ((TU_LANDLOCK_DEVICES << 1) - 1)

struct tu_landlock {
	int fd;
	uint64_t known; /* the rights on files that this kernel knows */
};

/* Rights that will be gone. */
struct tu_landlock_rights {
	uint64_t files;
	uint64_t network;
	uint64_t scopes;
};

/* Begin: `fd` is -1 where the kernel has no Landlock. */
struct tu_landlock tu_landlock_begin(const struct tu_landlock_rights *gone);
/* Keep these rights below the path. What is not there gives no right. */
void tu_landlock_keep(const struct tu_landlock *set, const char *path, uint64_t rights);
/* From here on the rights are gone. False: nothing was taken away. Ends the set either way. */
bool tu_landlock_enter(struct tu_landlock *set);

#endif
