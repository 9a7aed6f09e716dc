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

/* The files of a device folder that are questions of others: "questions/NAME.json" and their
 * licence, "questions/LICENSE". */
bool tu_concept_pack_is_file(struct tu_str path);
/* Those that a folder has, as "questions/emb3d.json", in byte order. */
TU_NODISCARD enum tu_status tu_concept_pack_files(struct tu_arena *arena, const char *folder,
	struct tu_texts *out_paths, struct tu_error *err);
/* The pack of a folder; count 0: it has none. */
TU_NODISCARD enum tu_status tu_concept_pack_beside(struct tu_arena *arena, const char *folder,
	struct tu_concept_pack *out_pack, struct tu_error *err);
/* The same of such texts in memory, in the order of their names; count 0: none is a document.
 * TU_E_UNSUPPORTED: a document is no pack. */
TU_NODISCARD enum tu_status tu_concept_pack_of(struct tu_arena *arena,
	const struct tu_concept_text *texts, size_t count, struct tu_concept_pack *out_pack,
	struct tu_error *err);

#endif
