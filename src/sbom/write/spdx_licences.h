/*
 * Licences in the words of SPDX: one expression for what a component's licences say, and an entry
 * for each LicenseRef-… in it (SPDX 2.3, clause 10 and annex D).
 *
 * What is not on the list of licences becomes a reference with an id of its own, from any script; a
 * reference of the source stays, with its text.
 */
#ifndef TU_SBOM_SPDX_LICENCES_H
#define TU_SBOM_SPDX_LICENCES_H

#include "sbom/write/write.h"

#include "base/intern.h"
#include "base/vec.h"

/* What a LicenseRef-… is. Texts are empty where nothing is known. */
struct tu_spdx_reference {
	struct tu_str id;
	struct tu_str name;
	struct tu_str text;
	struct tu_str comment;
	const struct tu_str *urls;
	size_t url_count;
};

struct tu_spdx_licences {
	struct tu_sbom_writing *w;
	const struct tu_component *at; /* being written, for losses */
	struct tu_intern *ids; /* of references, and those that the source may use */
	struct tu_intern *keys; /* of what was made a reference: name and text */
	struct tu_str *made; /* ids by key; in the arena */
	size_t made_room;
	struct tu_intern *used; /* references that were written */
	/* Those of the source, then those that were made, each once; by id in `explained`. */
	struct tu_intern *explained;
	TU_VEC(struct tu_spdx_reference) references;
};

/* False: out of memory; to be given back all the same. */
TU_NODISCARD bool tu_spdx_licences_init(struct tu_spdx_licences *l, struct tu_sbom_writing *w);
void tu_spdx_licences_done(struct tu_spdx_licences *l);

/* Append what the component's licences with this acknowledgement come to ("(MIT OR ISC) AND Zlib",
 * "NONE"); an unstated one is taken as declared. False when there are none. */
bool tu_spdx_licences_say(struct tu_spdx_licences *l, const struct tu_component *c,
	enum tu_acknowledgement acknowledgement, struct tu_buf *out);
/* After all were said: an entry for each reference that was written and is not explained. */
void tu_spdx_licences_close(struct tu_spdx_licences *l);
/* After that: the place of the reference with this id; none: their count. */
size_t tu_spdx_licences_find(const struct tu_spdx_licences *l, struct tu_str id);

#endif
