/*
 * Devices in the store: device.yaml as it was received, and what is in it in tables of its own.
 *
 * The text is the source; the tables of variants, hazards, assets, interfaces, controls and
 * releases are made from it, so that other parts can ask for them. A release never goes this way:
 * a text that no longer lists one is refused, and so is one that says something else about a
 * release that is locked.
 */
#ifndef TU_PORTFOLIO_DEVICE_H
#define TU_PORTFOLIO_DEVICE_H

#include <tutela/device.h>

#include "device/policy_lowers.h"
#include "portfolio/document.h"
#include "portfolio/work.h"

/* Texts are in the work's arena. */
struct tu_device_row {
	int64_t id;
	struct tu_str public_id, name, title;
	int64_t document_id;
	int64_t version; /* of the row: an update names the one it was based on */
	int64_t created; /* us */
};

/* TU_E_NOTFOUND names the device. */
TU_NODISCARD enum tu_status tu_device_find(
	struct tu_work *w, struct tu_str name, struct tu_device_row *out_row, struct tu_error *err);

/* The same in a scope: what is outside of it is TU_E_NOTFOUND, too. */
struct tu_list_scope;
TU_NODISCARD enum tu_status tu_device_in(struct tu_work *w, const struct tu_list_scope *scope,
	struct tu_str name, struct tu_device_row *out_row, struct tu_error *err);

/* The name of a device by its id. TU_E_NOTFOUND. */
TU_NODISCARD enum tu_status tu_device_name(
	struct tu_work *w, int64_t id, struct tu_str *out_name, struct tu_error *err);

/* All devices that a scope has, by name. */
struct tu_device_seen {
	struct tu_device_row device;
	int64_t releases; /* how many */
	bool intake; /* nobody has described it: portfolio/intake.h */
};
struct tu_devices_seen {
	const struct tu_device_seen *at;
	size_t count;
};
TU_NODISCARD enum tu_status tu_device_list(struct tu_work *w, const struct tu_list_scope *scope,
	struct tu_devices_seen *out_devices, struct tu_error *err);

struct tu_kb;
struct tu_device_put {
	struct tu_str text; /* of device.yaml */
	struct tu_str file; /* for messages */
	int64_t based_on; /* version of the row; 0: it is a new device */
	const struct tu_kb *kb; /* who knows of exploitation; NULL: decisions alone */
	bool guarded; /* a text whose policy lowers protection is not taken */
	/* what could not be compared with the text that is replaced, in the work's arena; NULL: not
	 * asked for */
	struct tu_str *out_warning;
};

/* Create a device or replace its text. Errors of tu_device_read(), located in the text; TU_E_USAGE
 * when a release of the store is missing in it or a locked one is another; TU_E_CONFLICT when it
 * was changed since. Nothing is recorded when the text is the same. Deadlines that
 * have started by the text that is replaced are kept (portfolio/case_keep.h). One that this program
 * cannot read any more is replaced all the same: what is stored stays, the record says
 * "not_compared", and so does the warning. TU_E_CONSTRAINT at "policy" when it is guarded and its
 * policy lowers protection (device/policy_lowers.h), with what it lowers; the record has that, too.
 */
TU_NODISCARD enum tu_status tu_device_put(struct tu_work *w, const struct tu_device_put *put,
	struct tu_device_row *out_row, const struct tu_device **out_device, struct tu_error *err);

/* All of its releases are to be settled (portfolio/settle.h): something that they are judged by
 * changed. */
TU_NODISCARD enum tu_status tu_device_due(struct tu_work *w, int64_t id, struct tu_error *err);

/*
 * Remove a device that was a mistake or a trial, with all that is only its own; the ledger keeps
 * its records. TU_E_CONSTRAINT, with each reason: a release was released or
 * withdrawn, a finding is open, a decision was approved or signed, a case is about it, others
 * may have something of it.
 * TU_E_CONFLICT when `row` is not the present version.
 */
TU_NODISCARD enum tu_status tu_device_remove(
	struct tu_work *w, const struct tu_device_row *row, struct tu_error *err);

/* Read a text as the store reads it: zones by the system's names. */
TU_NODISCARD enum tu_status tu_device_parse(struct tu_work *w, struct tu_str file,
	struct tu_str text, const struct tu_device **out_device, struct tu_error *err);
/* Is it an error of a text that the store has, such as of another version of the program, not of
 * the store? What is asked of all devices goes on, and says that this one is not in it. */
bool tu_device_is_unread(enum tu_status status);
/* How many approvals its policy asks for; 0: it cannot be said, for the stored device.yaml cannot
 * be read. Nothing can be approved then (tu_device_load()). */
TU_NODISCARD enum tu_status tu_device_approvals(struct tu_work *w, const struct tu_device_row *row,
	uint32_t *out_needed, struct tu_error *err);
/* The device's text as a model; both live in the work's arena. `out_text` may be NULL. */
TU_NODISCARD enum tu_status tu_device_load(struct tu_work *w, const struct tu_device_row *row,
	const struct tu_device **out_device, struct tu_str *out_text, struct tu_error *err);
/* A device in a scope as a model, read in a transaction of its own. All in the arena.
 * TU_E_NOTFOUND.
 */
struct tu_device_opened {
	const struct tu_list_scope *scope;
	struct tu_str name;
	/* what is read */
	struct tu_device_row row;
	const struct tu_device *model;
	struct tu_str text;
};
TU_NODISCARD enum tu_status tu_device_open(struct tu_store *store, struct tu_arena *arena,
	struct tu_device_opened *opened, struct tu_error *err);
/* A document's text in the work's arena, with padding. */
TU_NODISCARD enum tu_status tu_work_document(
	struct tu_work *w, int64_t id, struct tu_str *out_text, struct tu_error *err);

/* Part of tu_device_put(), of tables.c: what the device says, in tables. */
TU_NODISCARD enum tu_status tu_device__fill_tables(
	struct tu_work *w, int64_t device, const struct tu_device *model, struct tu_error *err);
/* Of device_policy.c: what of the policy in force the new model lowers; what cannot be compared
 * does. TU_E_CONSTRAINT at "policy" for a list that is not empty. */
TU_NODISCARD enum tu_status tu_device__lowers(struct tu_work *w, const struct tu_device_row *row,
	const struct tu_device *model, struct tu_policy_lowered *out, struct tu_error *err);
TU_NODISCARD enum tu_status tu_device__refuse_lowered(
	const struct tu_policy_lowered *lowered, struct tu_error *err);
/* Of release.c: rows for its releases. */
TU_NODISCARD enum tu_status tu_device__list_releases(
	struct tu_work *w, int64_t device, const struct tu_device *model, struct tu_error *err);

#endif
