/*
 * Builds of a release: each SBOM that was uploaded for it, in order.
 *
 * A build server sends an SBOM many times before a release is out. What a release has is the last
 * one; those before are kept by their document, until there are too many: builds of a draft beyond
 * the newest `keep` are dropped, which removes their bytes where nothing else names them. A build
 * stays whatever its age when something was decided, said or opened for its device while it was the
 * newest: a decision, a statement, a case or an event of one was about what it has. Nothing of a
 * release that is locked is dropped. The row of a dropped build stays, with its digest.
 */
#ifndef TU_PORTFOLIO_BUILD_H
#define TU_PORTFOLIO_BUILD_H

#include "portfolio/release.h"

enum { TU_BUILDS_KEEP = 20 }; /* where the setting does not say otherwise */

/* The newest build of a release is its present SBOM; the same document again is the same build. In
 * the arena of the work: its public id. */
TU_NODISCARD enum tu_status tu_build_add(struct tu_work *w, const struct tu_release_row *release,
	struct tu_str *out_public, struct tu_error *err);

struct tu_build {
	struct tu_str public_id, actor;
	int64_t n; /* from 1 */
	uint8_t digest[TU_SHA256_BYTES];
	int64_t bytes; /* as received */
	int64_t stored; /* as kept; 0: dropped. Shared by all that have this document */
	int64_t at; /* us */
	int64_t dropped; /* us; 0: it is there */
	bool current; /* what the release has */
};
struct tu_builds {
	const struct tu_build *at; /* the oldest first */
	size_t count;
};
/* Of a release in a scope. TU_E_NOTFOUND. */
TU_NODISCARD enum tu_status tu_build_list(struct tu_work *w, const struct tu_list_scope *scope,
	struct tu_str release, struct tu_builds *out, struct tu_error *err);

/* Drop what is too many, at most `limit` in one transaction. */
struct tu_builds_drop {
	int64_t keep; /* of a release, 1 or more */
	size_t limit;
	size_t dropped; /* in this one */
	int64_t documents; /* that are gone with them */
	bool more; /* there may be others: once more */
};
TU_NODISCARD enum tu_status tu_builds_drop(
	struct tu_work *w, struct tu_builds_drop *drop, struct tu_error *err);

#endif
