/*
 * Files of a device folder beside device.yaml, its SBOMs and decisions: statements of suppliers,
 * SBOMs of parts. They come back as they were put, by their path from the folder.
 */
#ifndef TU_PORTFOLIO_FILE_H
#define TU_PORTFOLIO_FILE_H

#include "portfolio/device.h"

struct tu_device_file {
	struct tu_str path;
	int64_t document_id;
	uint8_t digest[TU_SHA256_BYTES];
};

struct tu_device_files {
	const struct tu_device_file *at; /* by path */
	size_t count;
};

/* Is it a relative path that stays in its folder, without empty parts, "." and ".."? */
bool tu_device_file_is_path(struct tu_str path);
/* Is it the place of something else: device.yaml, a decision, what Tutela keeps there? A pull
 * writes those from what was approved and recorded, and no file may stand in for them. Case counts
 * for nothing, for it does not in every folder. */
bool tu_device_file_is_taken(struct tu_str path);
TU_NODISCARD enum tu_status tu_device_file_list(struct tu_work *w, int64_t device_id,
	struct tu_device_files *out_files, struct tu_error *err);
/* The version of its content, above 0: the first 62 bits of the digest. Numbers of rows would say
 * how much else is in the store, and a count would begin again after a removal. */
int64_t tu_device_file_version(const uint8_t digest[TU_SHA256_BYTES]);

struct tu_device_file_put {
	struct tu_str path, text;
	int64_t based_on; /* version that it takes the place of; 0: whatever is there, or nothing */
	bool design; /* a part of the design, which whoever puts it has read (portfolio/design.h);
			else such a part is refused, but for rules and the concept */
	/* of threats.yaml, where a person decides on a threat: its key, and what it is now. Else
	 * what was approved has to stay in it as it is (tu_design_keeps_approved()) */
	struct tu_str threat, outcome;
};
/* Put one; recorded where it changes something. `*out_version` may be NULL. TU_E_USAGE for a path
 * that leaves the folder, has control characters, or is taken; TU_E_CONFLICT when something else
 * than `based_on` is there, or nothing. The device is locked then. Errors of the reader for a pack
 * of rules. A part of the design is recorded as a change of it. */
TU_NODISCARD enum tu_status tu_device_file_put(struct tu_work *w,
	const struct tu_device_row *device, const struct tu_device_file_put *put,
	int64_t *out_version, struct tu_error *err);
/*
 * Remove one; recorded. TU_E_NOTFOUND; TU_E_CONFLICT as above. TU_E_CONSTRAINT, with each reason:
 * a release of device.yaml names it (its findings are judged by it), a control has it as evidence,
 * a decision, proposed or approved, has its path anywhere in its text; it is the design's model,
 * its positions or the decisions on its threats.
 */
TU_NODISCARD enum tu_status tu_device_file_remove(struct tu_work *w,
	const struct tu_device_row *device, struct tu_str path, int64_t based_on,
	struct tu_error *err);

#endif
