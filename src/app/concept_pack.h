/*
 * A pack of questions from what a person names: a file, a folder (MITRE's repository as it is) or
 * an archive.
 */
#ifndef TU_APP_CONCEPT_PACK_H
#define TU_APP_CONCEPT_PACK_H

#include "concept/pack.h"

/* Read the first document below `path` that is a pack (names in byte order), with its name, its
 * digest, and the text of a licence file where there is one. TU_E_UNSUPPORTED: there is none. */
TU_NODISCARD enum tu_status tu_concept_pack_open(struct tu_arena *arena, const char *path,
	struct tu_concept_pack *out_pack, struct tu_error *err);

#endif
