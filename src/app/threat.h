/*
 * Use case: the threats of a design model, of a device folder or of a single file of any form.
 *
 * A device folder has device.yaml, model.yaml, and where wanted threats.yaml (what has been
 * decided) and rules/ with packs of rules of the maker's own, which are read in the order of their
 * names after the program's.
 */
#ifndef TU_APP_THREAT_H
#define TU_APP_THREAT_H

#include <tutela/threat.h>

#include "app/device_folder.h"

struct tu_attacks; /* threat/paths.h */

struct tu_threat_answer {
	struct tu_arena *arena;
	struct tu_device_folder folder; /* its device is NULL for a single file */
	const struct tu_model *model;
	struct tu_model_losses losses;
	struct tu_lints lints;
	size_t levels[3]; /* lints by level */
	const struct tu_threat_pack *const *packs;
	size_t pack_count;
	struct tu_threats threats;
	struct tu_dispositions dispositions; /* of threats.yaml; threats refer to them by index */
	size_t counts[TU_THREAT_OUTCOMES]; /* threats by outcome */
	int64_t at;
};

/* `path` is a folder or a file ("-": standard input); a model.yaml is read as part of its folder.
 * TU_E_NOTFOUND where a folder has no model; errors of the readers with their places. Whatever the
 * status, end with tu_threat_answer_done(). */
TU_NODISCARD enum tu_status tu_app_threats(
	const char *path, int64_t at, struct tu_threat_answer *answer, struct tu_error *err);
void tu_threat_answer_done(struct tu_threat_answer *answer);

/* The same from texts in memory, such as a store has them. */
struct tu_threat_text {
	struct tu_str file, text; /* file empty: there is none */
};
struct tu_threat_texts {
	const struct tu_device *device; /* NULL: a single file */
	struct tu_threat_text model, decisions;
	const struct tu_threat_text *packs; /* of the maker's own, in the order of their names */
	size_t pack_count;
	/* Is there a file of this path beside the model? NULL: evidence is not looked for. */
	bool (*has_file)(void *self, struct tu_str path);
	/* Has somebody who may approved the decision? NULL: all of them count. */
	bool (*is_approved)(void *self, const struct tu_disposition *decision);
	void *self; /* of both */
	size_t memory_max; /* of the answer's arena, TU_E_LIMIT beyond; 0: that of the command line
			    */
};
TU_NODISCARD enum tu_status tu_app_threats_of(const struct tu_threat_texts *texts, int64_t at,
	struct tu_threat_answer *answer, struct tu_error *err);

/*
 * Paths from the folder, in its arena, of the files that are its design: the model, threats.yaml,
 * positions.json, concept.yaml, own packs of rules in the order of their names, questions of others
 * (app/concept_pack.h), and evidence of controls inside the folder. Only such as are there. Errors
 * of reading the model.
 */
TU_NODISCARD enum tu_status tu_threat_folder_files(
	const struct tu_device_folder *folder, struct tu_texts *out_paths, struct tu_error *err);

/* The part of evidence that is the path of a file of the folder; empty: it is none. */
struct tu_str tu_threat_evidence_path(struct tu_str evidence);
/* Is a file of rules/ a pack, by its name? */
bool tu_threat_is_pack(struct tu_str name);
/* The answer as what the core asks for: to judge again, or for attack paths. */
struct tu_threat_input tu_threat_answer_input(const struct tu_threat_answer *answer);

/* "global", "multi-patient", …: static storage. */
const char *tu_threat_view_kind(const struct tu_model_view *view);
/* A view by its id, else the first of its kind. TU_E_NOTFOUND names those that there are. */
TU_NODISCARD enum tu_status tu_threat_find_view(const struct tu_model *model, struct tu_str name,
	const struct tu_model_view **out_view, struct tu_error *err);
/* Flows by ids with commas between them, in the arena. TU_E_NOTFOUND names one that is not. */
TU_NODISCARD enum tu_status tu_threat_find_flows(struct tu_arena *arena,
	const struct tu_model *model, struct tu_str names, struct tu_indexes *out_flows,
	struct tu_error *err);
/* Attack paths to an element, by its id; empty: to all that have an essential function. In the
 * arena of the answer. TU_E_NOTFOUND. */
TU_NODISCARD enum tu_status tu_threat_find_paths(const struct tu_threat_answer *answer,
	struct tu_str to, struct tu_attacks *out_attacks, struct tu_error *err);

/* Does it count as open? Also what is mitigated without evidence. */
bool tu_threat_is_open(const struct tu_threat *threat);
/* Is it open where no hazard is stated for what is lost? Then the safety side has to look whether
 * there is one. Repudiation and a loss of confidentiality have other scales. */
bool tu_threat_shows_hazard(const struct tu_threat *threat);
/* The id of an element or a flow. */
struct tu_str tu_threat_spot_id(const struct tu_model *model, struct tu_spot spot);

#endif
