/*
 * Writing a design model: as model.yaml, as the neutral form, and in the forms of other tools.
 *
 * What a form has no field for is kept where the form has attributes or descriptions ("name:
 * value", as threat/read/made.h reads it); what it cannot hold at all is a loss, by name and count.
 * The law: reading what was written changes nothing that no loss names.
 *
 * The same model gives the same bytes. Everything lives in the arena.
 */
#ifndef TU_THREAT_WRITE_WRITE_H
#define TU_THREAT_WRITE_WRITE_H

#include <tutela/model.h>

#include "base/json_writer.h"
#include "base/vec.h"
#include "device/form.h"

enum tu_model_form {
	TU_MODEL_FORM_NATIVE, /* model.yaml, without what device.yaml has */
	TU_MODEL_FORM_NEUTRAL, /* JSON */
	TU_MODEL_FORM_OTM, /* Open Threat Model 0.2, JSON */
	TU_MODEL_FORM_THREAT_DRAGON, /* 2, JSON */
	TU_MODEL_FORM_THREAGILE, /* 1, JSON, which is YAML */
	TU_MODEL_FORM_CYCLONEDX, /* 1.6, JSON: declarations; it is not read back */
	TU_MODEL_FORMS
};

/* "model", "neutral", "otm", "threat-dragon", …: static storage; NULL out of range. */
const char *tu_model_form_name(size_t form);

struct tu_model_export {
	struct tu_arena *arena;
	enum tu_model_form form;
	struct tu_model_losses losses; /* what the form cannot hold: an output */
	const struct tu_device *device; /* what it states is not written again; NULL: model.yaml
					   states nothing of its title and use */
};

/* Append the model. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_model_write(const struct tu_model *model,
	struct tu_model_export *export, struct tu_buf *out, struct tu_error *err);

/* The members of model.yaml as a JSON object, into a writer that awaits a value. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_model_write_members(const struct tu_model *model,
	struct tu_model_export *export, struct tu_json_writer *json, struct tu_error *err);

/* ---- for the writers ---- */

struct tu_model_writing {
	struct tu_arena *arena;
	const struct tu_model *model;
	const struct tu_device *device; /* of the export */
	struct tu_json_writer json;
	TU_VEC(struct tu_model_loss) losses;
	bool failed; /* out of memory */
};

typedef void tu_model_writer(struct tu_model_writing *writing);

tu_model_writer tu_model_write_native, tu_model_write_object, tu_model_write_neutral,
	tu_model_write_otm, tu_model_write_threat_dragon;
tu_model_writer tu_model_write_threagile, tu_model_write_cyclonedx;

/* "assumptions": 3 of them have no place. Nothing for a count of 0. */
void tu_model_writing_lose(struct tu_model_writing *writing, const char *what, size_t count);

/* The evidence of a control; empty where it names a file that is not there, which a reader of the
 * form could not see. */
struct tu_str tu_model_writing_evidence(const struct tu_model_control *control);
/* Name how many controls that is. */
void tu_model_writing_lose_evidence(struct tu_model_writing *writing);

/* Members; nothing where nothing is stated. */
void tu_model_writing_number(struct tu_model_writing *writing, const char *key, uint64_t number);
void tu_model_writing_date(struct tu_model_writing *writing, const char *key, int64_t seconds);
void tu_model_writing_word(
	struct tu_model_writing *writing, const char *key, const struct tu_words *words, int value);
void tu_model_writing_bits(struct tu_model_writing *writing, const char *key,
	const struct tu_words *words, uint32_t bits);
void tu_model_writing_texts(struct tu_model_writing *writing, const char *key,
	const struct tu_texts *texts, bool stated); /* an empty list where it is */
void tu_model_writing_assets(struct tu_model_writing *writing, const char *key,
	const struct tu_indexes *assets, bool stated); /* an empty list where it is */
void tu_model_writing_elements(
	struct tu_model_writing *writing, const char *key, const struct tu_indexes *elements);
void tu_model_writing_states(
	struct tu_model_writing *writing, const char *key, const struct tu_indexes *states);
void tu_model_writing_spots(
	struct tu_model_writing *writing, const char *key, const struct tu_spots *spots);
/* The facts as members of the object that is open. */
void tu_model_writing_facts(struct tu_model_writing *writing, const struct tu_model_facts *facts);
/* Lists of the neutral form, which OTM has among its attributes: "states": […] and so on. */
void tu_model_writing_list_states(struct tu_model_writing *writing);
void tu_model_writing_list_hazards(struct tu_model_writing *writing);
void tu_model_writing_list_components(struct tu_model_writing *writing);
void tu_model_writing_list_credentials(struct tu_model_writing *writing);
void tu_model_writing_list_assumptions(struct tu_model_writing *writing);
void tu_model_writing_list_entries(struct tu_model_writing *writing);
void tu_model_writing_list_views(struct tu_model_writing *writing);
/* "hazards": [{hazard, on_loss_of}, …] of an asset; nothing where nobody has stated them. */
void tu_model_writing_links(struct tu_model_writing *writing, const struct tu_asset *asset);

#endif
