/*
 * What of a release others may have: to whom, since when, until when.
 *
 * Nothing is published by itself: what has no row here is the maker's own. A person with the class
 * PUBLISH (access/access.h) offers an artifact of a release at a level, and takes it back; both are
 * recorded. A row pins a document byte for byte: an SBOM that is corrected later is offered when it
 * is published again, as the next revision of the same artifact.
 *
 *   level      who has it
 *   public     anybody
 *   customer   who signs in and has the device in their scope
 *   internal   of those, who may read devices
 *
 *   kind       what it is
 *   release    that the release is there, with its dates; no document
 *   sbom       the SBOM as it is stored
 *   file       a file of the device's folder (portfolio/file.h), by its path
 *
 * Statements are not published here: they go their own way (portfolio/statement.h), and what is
 * published of them is offered with their releases; portfolio/offer.h puts both together.
 */
#ifndef TU_PORTFOLIO_PUBLICATION_H
#define TU_PORTFOLIO_PUBLICATION_H

#include "portfolio/release.h"

/* From the widest to the narrowest: whoever may have one may have those before it. */
enum tu_publication_level {
	TU_LEVEL_PUBLIC,
	TU_LEVEL_CUSTOMER,
	TU_LEVEL_INTERNAL,
	TU_PUBLICATION_LEVELS
};
const char *tu_publication_level_name(enum tu_publication_level level);
bool tu_publication_level_by_name(struct tu_str name, enum tu_publication_level *out_level);

enum tu_publication_kind {
	TU_PUBLICATION_RELEASE,
	TU_PUBLICATION_SBOM,
	TU_PUBLICATION_FILE,
	TU_PUBLICATION_KINDS
};
const char *tu_publication_kind_name(enum tu_publication_kind kind);
bool tu_publication_kind_by_name(struct tu_str name, enum tu_publication_kind *out_kind);

/* What a file is to whoever gets it: "attestation", "certification", … "other". */
bool tu_publication_is_type(struct tu_str type);

/* A row: what was offered from one time to another. Texts are in the work's arena. */
struct tu_publication {
	int64_t id, release_id, device_id;
	struct tu_str artifact; /* public id: the same for all revisions */
	enum tu_publication_kind kind;
	enum tu_publication_level level;
	struct tu_str path; /* of a file; else empty */
	struct tu_str type; /* "release", "bom", or of a file */
	struct tu_str media; /* media type; empty: no document */
	int64_t revision; /* of the content, from 1 */
	int64_t document_id; /* 0: none */
	int64_t bytes;
	uint8_t digest[TU_SHA256_BYTES];
	int64_t since, until; /* us; until 0: it goes on */
};
struct tu_publications {
	TU_VEC(struct tu_publication) list; /* by release, the oldest first */
};

/* Those of a device's releases; `device_id` 0: all. */
TU_NODISCARD enum tu_status tu_publication_list(
	struct tu_work *w, int64_t device_id, struct tu_publications *out, struct tu_error *err);

struct tu_publication_about {
	const struct tu_release_row *release;
	enum tu_publication_kind kind;
	enum tu_publication_level level;
	struct tu_str path, type; /* of a file; else empty */
	/* what came of it, in the work's arena */
	struct tu_str artifact;
	bool changed; /* false: it stood like this already */
};

/* Offer something, or at another level, or its present content. TU_E_USAGE: the release has no
 * SBOM, a type that is none; TU_E_NOTFOUND: the folder has no such file. */
TU_NODISCARD enum tu_status tu_publish(
	struct tu_work *w, struct tu_publication_about *about, struct tu_error *err);
/* Take it back. TU_E_NOTFOUND: the release does not offer it. */
TU_NODISCARD enum tu_status tu_unpublish(struct tu_work *w, const struct tu_release_row *release,
	struct tu_str artifact, struct tu_error *err);

#endif
