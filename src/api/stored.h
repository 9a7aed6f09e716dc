/*
 * The stored SBOM of a release as an inventory, read in the sandbox: what its views share.
 */
#ifndef TU_API_STORED_H
#define TU_API_STORED_H

#include <tutela/sink.h>

#include "api/call.h"
#include "portfolio/upload.h"

struct tu_api_sbom {
	struct tu_sbom_stored stored;
	struct tu_arena *arena; /* of the inventory */
	const struct tu_inventory *inventory;
};

/* The bytes; a release out of the scope is unknown. */
TU_NODISCARD enum tu_status tu_api_sbom_fetch(struct tu_api_call *call, struct tu_str release,
	struct tu_api_sbom *out_sbom, struct tu_error *err);
/* The inventory, too. Whatever the status, end with tu_api_sbom_close(). */
TU_NODISCARD enum tu_status tu_api_sbom_open(struct tu_api_call *call, struct tu_str release,
	struct tu_api_sbom *out_sbom, struct tu_error *err);
void tu_api_sbom_close(struct tu_api_sbom *sbom);

/* What was written becomes the answer; `sink` has ended. */
TU_NODISCARD enum tu_status tu_api_sbom_answer(struct tu_api_call *call, const char *type,
	struct tu_sink *sink, const char *name, struct tu_error *err);

/* Members of the open object: what the SBOM states of a component, as it is written; null where it
 * does not. */
void tu_api_sbom_stated(struct tu_json_writer *json, const struct tu_component *component);

/* Lay out the tree of what was just taken (the SHA-256 of it), where the first view of it would be
 * waited for. What fails is made later. */
void tu_api_sbom_tree_ready(struct tu_api_call *call, const struct tu_inventory *inventory,
	const uint8_t digest[TU_SHA256_BYTES]);

/* An upload: read what was sent, in the sandbox; then match it with the current knowledge base and
 * make it the release's, again where that was replaced meanwhile. upload->arena is the caller's.
 * Problems are set: TU_PROBLEM_LOCKED where a locked release needs a reason. */
TU_NODISCARD enum tu_status tu_api_sbom_read(
	struct tu_api_call *call, struct tu_sbom_upload *upload, struct tu_error *err);
TU_NODISCARD enum tu_status tu_api_sbom_put(
	struct tu_api_call *call, struct tu_sbom_upload *upload, struct tu_error *err);

#endif
