/*
 * The concept phase of a device folder: its questions, DEVICE_DIR/concept.yaml, and what they seed.
 *
 * Each change is written at once and adds lines only; the file is read again before it, so that
 * what a person edits meanwhile stays.
 */
#ifndef TU_APP_CONCEPT_H
#define TU_APP_CONCEPT_H

#include <tutela/device.h>

#include "app/concept_phase.h"
#include "app/device_folder.h"
#include "concept/seed.h"

struct tu_concept_folder {
	struct tu_arena *arena;
	struct tu_str path; /* without a slash at the end */
	int64_t now;
	const char *file; /* "DIR/concept.yaml" */
	bool exists; /* the file does */
	struct tu_concept_phase phase;
};

/* What is asked for. */
struct tu_concept_request {
	const char *path; /* the device folder, which exists; device.yaml need not */
	const char
		*pack; /* file or folder of a pack, or NULL: what is in questions/, if anything */
	int64_t now;
};

/* Open. TU_E_NOTFOUND: no such folder; TU_E_UNSUPPORTED: the pack is none; errors as of
 * tu_concept_record_read(). Whatever the status, end with tu_concept_folder_done(). */
TU_NODISCARD enum tu_status tu_concept_folder_open(const struct tu_concept_request *request,
	struct tu_concept_folder *folder, struct tu_error *err);
void tu_concept_folder_done(struct tu_concept_folder *folder);

/* State the class, where the file states none; the file is made where there is none. */
TU_NODISCARD enum tu_status tu_concept_folder_set_class(
	struct tu_concept_folder *folder, enum tu_device_class device_class, struct tu_error *err);
/* Add an answer. Record and state are new after it. */
TU_NODISCARD enum tu_status tu_concept_folder_answer(struct tu_concept_folder *folder,
	const struct tu_concept_answer *answer, struct tu_error *err);
/* Record the pack with its licence, once. */
TU_NODISCARD enum tu_status tu_concept_folder_record_pack(
	struct tu_concept_folder *folder, struct tu_error *err);

struct tu_concept_seed_answer {
	const char *model; /* "DIR/model.yaml" */
	bool is_new;
	struct tu_concept_seeded seeded;
	struct tu_buf facts; /* of elements that the model has; the caller frees all three */
	struct tu_buf unknown; /* questions that seed nothing */
	struct tu_buf device; /* what device.yaml may want */
};

/* Write what is missing into model.yaml. On an error nothing was written. */
TU_NODISCARD enum tu_status tu_concept_folder_seed(struct tu_concept_folder *folder,
	struct tu_concept_seed_answer *out_answer, struct tu_error *err);

#endif
