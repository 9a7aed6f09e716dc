/*
 * The design model of a device: one graph of elements and flows with many views, from which
 * threats are derived (tutela/threat.h). docs/formats/model.md describes DEVICE_DIR/model.yaml;
 * other tools' forms become the same model.
 *
 * What a model does not state is unknown, never "none": a text is empty, a number is
 * TU_MODEL_UNSTATED, a word is its enum's zero. Only stated facts may make a threat open.
 *
 * Ownership: a model lives in the arena it was read into and borrows the device that it builds on,
 * which must outlive it. Lists are pointer and count, references are indexes into the model's
 * lists. Threads: a read model is immutable and may be shared.
 */
#ifndef TUTELA_MODEL_H
#define TUTELA_MODEL_H

#include <tutela/model_parts.h>

TU_BEGIN_C

/* What a form cannot say at all: a question about it is not the author's silence, and a lint about
 * it is not shown. Bits. */
enum {
	TU_FORM_NO_EVIDENCE = 1,
	TU_FORM_NO_STATES = 2,
	TU_FORM_NO_COMPONENTS = 4,
	TU_FORM_NO_VIEWS = 8,
	TU_FORM_NO_HAZARDS = 16,
	TU_FORM_NO_SILENCE = 32 /* its fields want a value: a default is no statement */
};

#define TU_MODEL_LIST(type, name) \
	const struct type *name; \
	size_t name##_count

struct tu_model {
	struct tu_str file, form; /* "model.yaml", "otm", "threat-dragon", … */
	uint32_t lacks; /* TU_FORM_… */
	struct tu_str id, title, manufacturer, version, release;
	struct tu_str intended_use, essential_performance, deployment;
	TU_MODEL_LIST(tu_hazard, hazards); /* device.yaml's, or those of a foreign form */
	TU_MODEL_LIST(tu_asset, assets);
	TU_MODEL_LIST(tu_model_state, states);
	TU_MODEL_LIST(tu_model_zone, zones);
	TU_MODEL_LIST(tu_model_element, elements);
	TU_MODEL_LIST(tu_model_flow, flows);
	TU_MODEL_LIST(tu_model_control, controls);
	TU_MODEL_LIST(tu_model_component, components);
	TU_MODEL_LIST(tu_model_credential, credentials);
	TU_MODEL_LIST(tu_model_assumption, assumptions);
	TU_MODEL_LIST(tu_model_entry, entries);
	TU_MODEL_LIST(tu_model_view, views);
};

/* What reading a foreign form lost or could not understand, for people and for programs. */
struct tu_model_loss {
	struct tu_str pointer; /* JSON pointer or path in the input, or id of our own */
	const char *kind; /* "lost", "changed", "question": static storage */
	struct tu_str message;
};

struct tu_model_losses {
	const struct tu_model_loss *at;
	size_t count;
};

struct tu_model_source {
	struct tu_str file; /* for messages */
	struct tu_str text;
	const struct tu_device *device; /* for model.yaml; NULL for foreign forms */
};

/*
 * Read a model of any form that is supported; the form is recognised by its content. Errors:
 * TU_E_SYNTAX with file, line, column and pointer (an unknown key or word, an id twice, a reference
 * to nothing, a zone in itself, a flow without an end, a fan-out of 0); TU_E_UNSUPPORTED (a form or
 * version that is not read); TU_E_LIMIT; TU_E_NOMEM. Outputs are written on success only;
 * `out_losses` may be NULL.
 */
TU_API TU_NODISCARD enum tu_status tu_model_read(struct tu_arena *arena,
	const struct tu_model_source *source, const struct tu_model **out_model,
	struct tu_model_losses *out_losses, struct tu_error *err);

/* Index by id; TU_MODEL_NOWHERE. An element and a flow never have the same id. */
TU_API uint32_t tu_model_element_by_id(const struct tu_model *model, struct tu_str id);
TU_API uint32_t tu_model_flow_by_id(const struct tu_model *model, struct tu_str id);
/* The value of a fact; empty where it is not stated. */
TU_API struct tu_str tu_model_fact_get(const struct tu_model_facts *facts, struct tu_str name);
/* Does the flow cross a trust boundary? UNKNOWN where an end has no zone. */
TU_API enum tu_stated tu_model_crosses(const struct tu_model *model, uint32_t flow);

/* What reviewers miss, by ten rules (docs/formats/model.md); `place` is in the model's file.
 * The message begins with the id of the place. TU_E_NOMEM. */
TU_API TU_NODISCARD enum tu_status tu_model_lint(struct tu_arena *arena,
	const struct tu_model *model, int64_t at, struct tu_lints *out_lints, struct tu_error *err);

TU_END_C

#endif
