/*
 * Releases: what device.yaml lists, with a state and an SBOM.
 *
 *   draft      its SBOM may be replaced
 *   released   locked: its SBOM changes by a correction with a reason only
 *   withdrawn  no longer offered; locked as before
 */
#ifndef TU_PORTFOLIO_RELEASE_H
#define TU_PORTFOLIO_RELEASE_H

#include "portfolio/device.h"

struct tu_release_row {
	int64_t id, device_id;
	struct tu_str public_id, version, state; /* in the work's arena */
	int64_t released, support_end; /* seconds as in device.yaml; 0: not stated */
	int64_t sbom_id; /* 0: none */
	bool locked;
	bool due; /* to be settled (portfolio/settle.h) */
	int64_t row_version;
};

/* TU_E_NOTFOUND names device and version. */
TU_NODISCARD enum tu_status tu_release_find(struct tu_work *w, const struct tu_device_row *device,
	struct tu_str version, struct tu_release_row *out_row, struct tu_error *err);
TU_NODISCARD enum tu_status tu_release_by_id(
	struct tu_work *w, int64_t id, struct tu_release_row *out_row, struct tu_error *err);
/* By public id. TU_E_NOTFOUND. */
TU_NODISCARD enum tu_status tu_release_by_public(struct tu_work *w, struct tu_str public,
	struct tu_release_row *out_row, struct tu_error *err);
/* The same in a scope: what is outside of it is TU_E_NOTFOUND, too. */
struct tu_list_scope;
TU_NODISCARD enum tu_status tu_release_in(struct tu_work *w, const struct tu_list_scope *scope,
	struct tu_str public, struct tu_release_row *out_row, struct tu_error *err);
/* All of a device, in the order in which they were made. */
struct tu_release_rows {
	const struct tu_release_row *at;
	size_t count;
};
TU_NODISCARD enum tu_status tu_release_list(struct tu_work *w, int64_t device_id,
	struct tu_release_rows *out_rows, struct tu_error *err);

/* How many distinct components a release has, and on how many of them the knowledge base has
 * nothing: where that is all of them, no finding says nothing. */
struct tu_release_data {
	int64_t components, without_data;
};
TU_NODISCARD enum tu_status tu_release_data(struct tu_work *w, int64_t release_id,
	struct tu_release_data *out_data, struct tu_error *err);

/* The components of a release in a scope, by name, in the arena. TU_E_NOTFOUND. */
struct tu_release_part {
	struct tu_str name, version, purl, package;
	struct tu_str key; /* first half of its key, in hexadecimal digits, as findings name it */
	int64_t uses; /* places in the SBOM */
	int64_t harm; /* enum tu_harm */
	int64_t findings;
	bool known; /* the knowledge base has data on it */
};
struct tu_release_parts {
	struct tu_arena *arena;
	const struct tu_list_scope *scope;
	struct tu_str release; /* public id */
	const struct tu_release_part *rows;
	size_t count;
};
TU_NODISCARD enum tu_status tu_release_parts(
	struct tu_store *store, struct tu_release_parts *parts, struct tu_error *err);

enum tu_release_state { TU_RELEASE_DRAFT, TU_RELEASE_RELEASED, TU_RELEASE_WITHDRAWN };

/*
 * Move on to another state: draft to released (it needs an SBOM, and is locked from then on), draft
 * or released to withdrawn (needs a reason). TU_E_USAGE for any other way; TU_E_CONFLICT when
 * row->row_version is not the present one. `row` is as it is then.
 */
TU_NODISCARD enum tu_status tu_release_move(struct tu_work *w, struct tu_release_row *row,
	enum tu_release_state to, struct tu_error *err);

/* What device.yaml says was released by now is released, once it has an SBOM: by whatever way the
 * one or the other came. Else nothing happens. */
TU_NODISCARD enum tu_status tu_release_when_out(
	struct tu_work *w, struct tu_release_row *row, struct tu_error *err);
/* The same of all of a device. */
TU_NODISCARD enum tu_status tu_releases_when_out(
	struct tu_work *w, int64_t device_id, struct tu_error *err);
/* The same of all devices, for whoever sees to it that a date that comes is noticed: at most
 * `limit` in one transaction. */
struct tu_releases_out {
	size_t limit;
	size_t released; /* in this one */
	bool more; /* there may be others: once more */
};
TU_NODISCARD enum tu_status tu_releases_out(
	struct tu_work *w, struct tu_releases_out *out, struct tu_error *err);

/*
 * Name another document as the SBOM. A locked release needs a reason, and keeps what was before as
 * a correction: TU_E_USAGE without one. TU_E_CONFLICT as above.
 */
TU_NODISCARD enum tu_status tu_release_set_sbom(struct tu_work *w, struct tu_release_row *row,
	const struct tu_document *sbom, struct tu_error *err);

#endif
