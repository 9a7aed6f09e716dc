/*
 * Questions of others: MITRE's EMB3D, whose device properties are statements to be confirmed or
 * denied, and whose threats follow from them. Nothing of it is in the program: it is read from what
 * the user has, in MITRE's own forms:
 *
 *   _data/properties_threat_mappings.json   {"properties": [{"id": "PID-11", "text", "parentProp",
 *                                            "threats": [{"id": "TID-101", "text"}]}]}
 *   assets/emb3d-stix-*.json                a STIX 2.1 bundle of x-mitre-emb3d-property objects and
 *                                            their relationships
 */
#ifndef TU_CONCEPT_PACK_H
#define TU_CONCEPT_PACK_H

#include "base/json.h"
#include "concept/record.h"

struct tu_concept_pack {
	struct tu_concept_pack_record record; /* `file`, `digest` and `licence` are the caller's */
	const struct tu_concept_question *questions;
	size_t count;
};

/* Where no licence was beside the data: what is known of the terms. */
extern const char tu_concept_emb3d_terms[];

/* Is the document one of these forms? */
bool tu_concept_pack_is(struct tu_json root);

/* Read one. Texts are copied into the arena. TU_E_SYNTAX: a property without id or text, an id
 * twice, a parent that is not there; TU_E_LIMIT; TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_concept_pack_read(struct tu_arena *arena, struct tu_json root,
	struct tu_concept_pack *out_pack, struct tu_error *err);

/* Append the questions of a pack to a catalogue, in which it stays borrowed. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_concept_catalogue_extend(struct tu_arena *arena,
	struct tu_concept_catalogue *catalogue, const struct tu_concept_pack *pack,
	struct tu_error *err);

#endif
