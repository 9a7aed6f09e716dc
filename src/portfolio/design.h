/*
 * The design of a device: model.yaml with its positions, people's decisions about its threats, and
 * the maker's own packs of rules (docs/formats/model.md, threat-rules.md), as files of the device.
 *
 * The store keeps the texts and asks the core (app/threat.h): no rule of threats is here. Texts are
 * read in a short transaction and judged after it; what is written is composed before one. The
 * version of a design is that of all texts by which it is judged, device.yaml too: who decides on a
 * threat, or saves a model, names what they saw.
 *
 * A decision about a threat counts here only as a person who may approve made it in the store
 * (tu_design_decide()). What comes by push or was written into the file otherwise is proposed.
 *
 * Errors: of the store, TU_E_NOTFOUND (no such device in the scope, or no model), TU_E_CONFLICT (it
 * is not the version that was read), those of the readers with file and place. Any thread.
 */
#ifndef TU_PORTFOLIO_DESIGN_H
#define TU_PORTFOLIO_DESIGN_H

#include "app/threat.h"
#include "base/json.h"
#include "portfolio/file.h"

struct tu_design_asked {
	struct tu_store *store;
	const struct tu_list_scope *scope;
	struct tu_str device; /* its name */
};

struct tu_threat_approval {
	struct tu_str threat; /* its key */
	uint8_t digest[TU_SHA256_BYTES];
};
struct tu_threat_approvals {
	const struct tu_threat_approval *at; /* by key */
	size_t count;
};

struct tu_design {
	struct tu_arena *arena; /* the caller's: everything is in it */
	struct tu_device_row row;
	const struct tu_device *device;
	struct tu_str device_text;
	struct tu_threat_texts texts; /* model.file empty: there is no model */
	struct tu_str positions; /* text of the file; empty: none */
	struct tu_threat_approvals approvals;
	struct tu_device_files files;
	int64_t version;
};

/* Read what the store has of it. The model is not read: what is stored may be of another version of
 * the program. */
TU_NODISCARD enum tu_status tu_design_open(const struct tu_design_asked *asked,
	struct tu_arena *arena, struct tu_design *out_design, struct tu_error *err);

/* TU_E_NOTFOUND with the kind of what is not there as the error's pointer: "design" (the device has
 * no model), "threat", "baseline", "release" or "record". Where there is no pointer, the device is
 * not there. */
enum tu_status tu_design_unknown(struct tu_error *err, const char *kind);

/* Its threats, with `model` in place of what is stored where it is not empty (model.yaml's text or
 * the same as JSON). Nothing is written. tu_design_unknown("design"): there is none. Whatever the
 * status, end with tu_threat_answer_done(); the design must outlive the answer. */
TU_NODISCARD enum tu_status tu_design_judge(const struct tu_design *design, struct tu_str model,
	int64_t at, struct tu_threat_answer *answer, struct tu_error *err);

/* Save a model. Where it says what is stored, the stored text stays as it is, with its comments. */
struct tu_design_save {
	struct tu_design_asked asked;
	int64_t based_on; /* 0: whatever is there */
	struct tu_str model; /* JSON of the members of model.yaml */
	struct tu_json positions; /* {VIEW: {ELEMENT: {x, y}}}; absent: they stay */
};
TU_NODISCARD enum tu_status tu_design_save(
	const struct tu_act *act, const struct tu_design_save *save, struct tu_error *err);

/* Decide on a threat, or take the decision back. tu_design_unknown("threat"): nothing
 * has this key (to take back: no decision has). TU_E_CONSTRAINT: it is not open, so that there is
 * nothing to decide. TU_E_USAGE: an acceptance without an end, a transfer without its place. */
struct tu_design_decision {
	struct tu_design_asked asked;
	int64_t based_on;
	struct tu_str key;
	bool take_back;
	enum tu_threat_outcome outcome; /* ACCEPTED, TRANSFERRED or NOT_APPLICABLE */
	struct tu_str reason, labelling;
	int64_t until; /* seconds; 0: none */
};
TU_NODISCARD enum tu_status tu_design_decide(
	const struct tu_act *act, const struct tu_design_decision *decision, struct tu_error *err);

/* ---- parts of a design among the files of a device ---- */

enum tu_design_part {
	TU_DESIGN_NONE,
	TU_DESIGN_MODEL,
	TU_DESIGN_DECISIONS,
	TU_DESIGN_POSITIONS,
	TU_DESIGN_RULES,
	TU_DESIGN_CONCEPT, /* by it no threat is judged (portfolio/concept.h) */
	TU_DESIGN_QUESTIONS /* of others, for the concept */
};
enum tu_design_part tu_design_part_of(struct tu_str path);

/* Of what is about to become threats.yaml: every decision that was approved in the store must be in
 * it as it was approved. TU_E_USAGE names the first that is not. */
TU_NODISCARD enum tu_status tu_design_keeps_approved(struct tu_work *w, int64_t device_id,
	struct tu_str file, struct tu_str text, struct tu_error *err);
/* How many decisions of such a text nobody has approved. */
TU_NODISCARD enum tu_status tu_design_count_proposed(struct tu_work *w, int64_t device_id,
	struct tu_str text, size_t *out_count, struct tu_error *err);

/* Inside src/portfolio: the texts of a design of which the row, with the document of device.yaml,
 * is known; `files` are its files. Then, outside of the transaction, its device. */
TU_NODISCARD enum tu_status tu_design__read_texts(struct tu_work *w,
	const struct tu_device_files *files, struct tu_design *out, struct tu_error *err);
TU_NODISCARD enum tu_status tu_design__read_device(struct tu_design *design, struct tu_error *err);
/* The same from what is asked for, with its version and what was approved. */
TU_NODISCARD enum tu_status tu_design__read(struct tu_work *w, const struct tu_design_asked *asked,
	struct tu_design *out, struct tu_error *err);
/* A text of a document in the design's arena, with room after it for a parser of JSON. */
TU_NODISCARD enum tu_status tu_design__read_text(struct tu_work *w, const struct tu_design *design,
	int64_t document, struct tu_str *out, struct tu_error *err);
/* Inside src/portfolio: hold the device in a transaction that writes, with the version of its
 * design. */
TU_NODISCARD enum tu_status tu_design__hold(struct tu_work *w, const struct tu_design_asked *asked,
	struct tu_device_row *out_row, int64_t *out_version, struct tu_error *err);

#endif
