/*
 * A device folder: device.yaml (or .yml, .json) and decisions/ beside it, read as a whole.
 */
#ifndef TU_APP_DEVICE_FOLDER_H
#define TU_APP_DEVICE_FOLDER_H

#include <tutela/decision.h>
#include <tutela/device.h>

#include "app/scan.h"

enum { TU_DECISIONS_MAX = 20000 };

struct tu_device_folder {
	struct tu_arena *arena;
	struct tu_str path; /* as named, without a slash at the end */
	const struct tu_device *device;
	const struct tu_decision *const *decisions; /* by file name */
	size_t decision_count;
};

/* Read device and decisions; conflicts between decisions are errors. TU_E_NOTFOUND where there is
 * no device.yaml. Whatever the status, end with tu_device_folder_done(). Borrows `path`. */
TU_NODISCARD enum tu_status tu_device_folder_open(
	const char *path, struct tu_device_folder *folder, struct tu_error *err);
void tu_device_folder_done(struct tu_device_folder *folder);

/* By this number one sees whether a file of the folder that counts (device.yaml, decisions) was
 * changed, added or removed since: it is another one then. 0: there is no such file. */
uint64_t tu_device_folder_stamp(const char *path);

/* "FOLDER/name" in the folder's arena, NUL-terminated; an absolute name stays. NULL: no memory. */
const char *tu_device_folder_path(const struct tu_device_folder *folder, struct tu_str name);

/* Index of the release with this version, the newest where it is NULL. TU_E_NOTFOUND names those
 * that there are. */
TU_NODISCARD enum tu_status tu_device_folder_release(const struct tu_device_folder *folder,
	const char *version, size_t *out_release, struct tu_error *err);

#endif
