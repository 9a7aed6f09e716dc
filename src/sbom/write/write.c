#include "sbom/write/write.h"

static const char *const words[TU_LOSSES_] = {
	[TU_LOSS_KIND] = "the target has no such type of component: written as another",
	[TU_LOSS_NAME] = "a component without name: its purl or index is written as its name",
	[TU_LOSS_REF] = "written as another: an id that is not of the target's form",
	[TU_LOSS_TEXT] = "changed: characters, or white space, that the target cannot hold",
	[TU_LOSS_GROUP] = "lost: the group of a component",
	[TU_LOSS_SCOPE] = "lost: that a component is optional or excluded",
	[TU_LOSS_PURL] = "lost: a purl that is not of the target's form",
	[TU_LOSS_HASH] = "lost: a hash of an algorithm that the target does not have",
	[TU_LOSS_LICENCE] = "lost: a licence that the target cannot express",
	[TU_LOSS_PROPERTY] = "lost: properties",
	[TU_LOSS_RESOLVED_SOURCE] = "lost: who says that a vulnerability is resolved, or how",
	[TU_LOSS_RELATION] = "lost: a relationship of a type that the target does not have",
	[TU_LOSS_RELATION_TYPE] =
		"written as a plain dependency: one of a type that the target does not have",
	[TU_LOSS_STATEMENT] = "lost: statements on vulnerabilities",
	[TU_LOSS_STATE] = "written as another: a state that the target does not have",
	[TU_LOSS_JUSTIFICATION] =
		"written as detail: a justification that is not one of the target's",
	[TU_LOSS_SERIAL] = "lost: a serial number that is not of the target's form",
	[TU_LOSS_CREATED] = "lost: a time that is not of the target's form",
	[TU_LOSS_SUBJECT] = "lost: that a nested component is what the document describes",
	[TU_LOSS_CONTACT] = "lost: where a supplier is reached",
	[TU_LOSS_PHASE] = "lost: the phase in which the document was made",
};

void tu_sbom__lose(
	struct tu_sbom_writing *w, enum tu_sbom_loss loss, const struct tu_component *component)
{
	if (w->lost[loss]++ == 0)
		w->first[loss] = component;
}

static bool pointer_of(
	struct tu_sbom_writing *w, const struct tu_component *component, struct tu_str *out_pointer)
{
	struct tu_buf pointer;
	bool copied;

	tu_buf_init(&pointer, 1 << 20);
	if (component)
		tu_component_pointer(w->inventory, component, &pointer);
	copied = !pointer.failed && tu_arena_dup(w->arena, tu_buf_str(&pointer), out_pointer);
	tu_buf_done(&pointer);
	return copied;
}

static bool put_losses(struct tu_sbom_writing *w, struct tu_sbom_losses *out_losses)
{
	struct tu_sbom_note *notes = tu_arena_array(w->arena, TU_LOSSES_, sizeof(*notes));
	size_t count = 0;

	for (size_t i = 0; notes && i < TU_LOSSES_; i++) {
		if (!w->lost[i])
			continue;
		notes[count] =
			(struct tu_sbom_note){.message = tu_str_c(words[i]), .count = w->lost[i]};
		if (!pointer_of(w, w->first[i], &notes[count++].pointer))
			return false;
	}
	*out_losses = (struct tu_sbom_losses){notes, count};
	return notes != NULL;
}

/* ---- targets ---- */

static const struct {
	struct tu_str name;
	enum tu_status (*write)(struct tu_sbom_writing *w, struct tu_error *err);
} targets[TU_SBOM_TARGETS_] = {
	[TU_SBOM_TO_CYCLONEDX_16_JSON] = {TU_STR_INIT("cyclonedx-1.6-json"),
		tu_sbom__write_cyclonedx},
	[TU_SBOM_TO_SPDX_23_JSON] = {TU_STR_INIT("spdx-2.3-json"), tu_sbom__write_spdx},
	[TU_SBOM_TO_CYCLONEDX_16_XML] = {TU_STR_INIT("cyclonedx-1.6-xml"),
		tu_sbom__write_cyclonedx},
	[TU_SBOM_TO_SPDX_23_TAG_VALUE] = {TU_STR_INIT("spdx-2.3-tv"), tu_sbom__write_spdx},
	[TU_SBOM_TO_SPDX_301_JSON] = {TU_STR_INIT("spdx-3.0.1-json"), tu_sbom__write_spdx3},
};

const char *tu_sbom_target_name(enum tu_sbom_target target)
{
	return targets[target].name.ptr;
}

bool tu_sbom_target_named(struct tu_str name, enum tu_sbom_target *out_target)
{
	for (size_t i = 0; i < TU_SBOM_TARGETS_; i++) {
		if (tu_str_eq(targets[i].name, name)) {
			*out_target = (enum tu_sbom_target)i;
			return true;
		}
	}
	return false;
}

enum tu_status tu_sbom_write(struct tu_arena *arena, const struct tu_inventory *inventory,
	enum tu_sbom_target target, const struct tu_sbom_write_options *options,
	struct tu_sink *sink, struct tu_sbom_losses *out_losses, struct tu_error *err)
{
	static const struct tu_sbom_write_options none = {
		.tool = {"", 0}, .created = {"", 0}, .serial = {"", 0}};
	struct tu_sbom_writing w = {.arena = arena,
		.inventory = inventory,
		.options = options ? options : &none,
		.target = target,
		.sink = sink,
		.out = &sink->buf};
	struct tu_buf *out = w.out;
	enum tu_status status;

	tu_buf_init(&w.made, SIZE_MAX / 2);
	status = targets[target].write(&w, err);
	out->failed = out->failed || w.made.failed;
	tu_buf_done(&w.made);
	if (status)
		return status;
	if (sink->err.status)
		return tu_sink_check(sink, err);
	if (out->failed && out->len > out->ceiling / 2)
		return tu_fail(
			err, TU_E_LIMIT, 0, "more than the limit of %zu bytes", out->ceiling);
	if (out->failed || !put_losses(&w, out_losses))
		return tu_no_memory(err);
	return TU_OK;
}
