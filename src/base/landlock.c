#define _GNU_SOURCE /* O_PATH, syscall */
#include <fcntl.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/landlock.h"

/* As the kernel has it since version 6; older ones take the first members alone. */
struct attributes {
	uint64_t files;
	uint64_t network;
	uint64_t scopes;
};

enum { WITH_TRUNCATE = 3, WITH_NETWORK = 4, WITH_DEVICES = 5, WITH_SCOPES = 6 };

static uint64_t known_by(long version)
{
	uint64_t known = LANDLOCK_ACCESS_FS_REFER | (LANDLOCK_ACCESS_FS_REFER - 1);

	if (version < 2)
		known &= ~(uint64_t)LANDLOCK_ACCESS_FS_REFER;
	if (version >= WITH_TRUNCATE)
		known |= TU_LANDLOCK_TRUNCATE;
	if (version >= WITH_DEVICES)
		known |= TU_LANDLOCK_DEVICES;
	return known;
}

struct tu_landlock tu_landlock_begin(const struct tu_landlock_rights *gone)
{
	struct attributes attributes = {0, gone->network, gone->scopes};
	struct tu_landlock set = {.fd = -1};
	size_t size = sizeof(attributes);
	long version = syscall(
		SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);

	if (version < 1)
		return set;
	set.known = known_by(version);
	attributes.files = gone->files & set.known;
	if (version < WITH_NETWORK)
		size = offsetof(struct attributes, network);
	else if (version < WITH_SCOPES)
		size = offsetof(struct attributes, scopes);
	set.fd = (int)syscall(SYS_landlock_create_ruleset, &attributes, size, 0);
	return set;
}

void tu_landlock_keep(const struct tu_landlock *set, const char *path, uint64_t rights)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = rights & set->known, .parent_fd = open(path, O_PATH | O_CLOEXEC)};

	if (rule.parent_fd < 0)
		return;
	(void)syscall(SYS_landlock_add_rule, set->fd, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	(void)close(rule.parent_fd);
}

bool tu_landlock_enter(struct tu_landlock *set)
{
	bool entered;

	if (set->fd < 0)
		return false;
	entered = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
		syscall(SYS_landlock_restrict_self, set->fd, 0) == 0;
	(void)close(set->fd);
	set->fd = -1;
	return entered;
}
