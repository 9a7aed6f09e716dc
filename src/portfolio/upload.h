/*
 * An SBOM that somebody uploads for a release, and the stored one again.
 *
 * Reading, matching and packing come before the transaction; in it the release gets its document,
 * components, facts and decisions (portfolio/ingest.h). What is outside the scope does not exist.
 */
#ifndef TU_PORTFOLIO_UPLOAD_H
#define TU_PORTFOLIO_UPLOAD_H

#include "portfolio/ingest.h"
#include "portfolio/scope.h"

struct tu_sbom_upload {
	struct tu_str release; /* public id */
	const struct tu_list_scope *scope;
	int64_t based_on; /* version of the release's row that the client read; 0: any */
	struct tu_str bytes; /* as received: plain, gzip or zstd */
	const struct tu_inventory *inventory; /* of the bytes: tu_sbom_open() */
	const struct tu_kb *kb;
	struct tu_arena *arena; /* of what follows, and of the matching */
	/* what came of it */
	struct tu_prepared prepared;
	uint8_t digest[TU_SHA256_BYTES];
	struct tu_str build; /* public id: portfolio/build.h */
	int64_t version; /* of the release's row */
	bool corrected; /* it was locked, and had another document */
	bool needs_reason; /* it is refused for that */
	struct tu_settled settled;
	size_t without_data; /* of settled.components: the knowledge base has nothing on them */
	size_t vulnerabilities, came, went; /* of the release: now, new, no longer */
};

/* Read bytes as they were received; NULL: in this process, for matching alone. Errors as of
 * tu_sbom_read(). */
TU_NODISCARD enum tu_status tu_sbom_open(const struct tu_sbom_reader *reader,
	struct tu_arena *arena, struct tu_str bytes, const struct tu_inventory **out_inventory,
	struct tu_error *err);

/*
 * Match, and make it the release's. TU_E_NOTFOUND: no such release in the scope. TU_E_CONFLICT: the
 * release was changed since it was read, or the knowledge base is no longer the current one.
 * TU_E_USAGE: the release is locked and the act has no reason (`needs_reason`).
 */
TU_NODISCARD enum tu_status tu_sbom_upload(struct tu_store *store, const struct tu_act *act,
	struct tu_sbom_upload *upload, struct tu_error *err);

struct tu_sbom_stored {
	struct tu_str release; /* public id */
	const struct tu_list_scope *scope;
	struct tu_buf
		bytes; /* as received, with padding; ended by the caller whatever the status */
	struct tu_document document;
	bool missing; /* the release is there, and has none */
};

/* Which document a release has: stored->document.digest alone. Errors as of tu_sbom_fetch(). */
TU_NODISCARD enum tu_status tu_sbom_which(struct tu_store *store, const struct tu_act *act,
	struct tu_sbom_stored *stored, struct tu_error *err);
/* The bytes that a release has. TU_E_NOTFOUND: no such release in the scope, or it has no SBOM. */
TU_NODISCARD enum tu_status tu_sbom_fetch(struct tu_store *store, const struct tu_act *act,
	struct tu_sbom_stored *stored, struct tu_error *err);

#endif
