#include "threat/write/write.h"

static const struct {
	const char *name;
	tu_model_writer *write;
} forms[TU_MODEL_FORMS] = {
	[TU_MODEL_FORM_NATIVE] = {"model", tu_model_write_native},
	[TU_MODEL_FORM_NEUTRAL] = {"neutral", tu_model_write_neutral},
	[TU_MODEL_FORM_OTM] = {"otm", tu_model_write_otm},
	[TU_MODEL_FORM_THREAT_DRAGON] = {"threat-dragon", tu_model_write_threat_dragon},
	[TU_MODEL_FORM_THREAGILE] = {"threagile", tu_model_write_threagile},
	[TU_MODEL_FORM_CYCLONEDX] = {"cyclonedx", tu_model_write_cyclonedx},
};

const char *tu_model_form_name(size_t form)
{
	return form < TU_MODEL_FORMS ? forms[form].name : NULL;
}

enum tu_status tu_model_write(const struct tu_model *model, struct tu_model_export *export,
	struct tu_buf *out, struct tu_error *err)
{
	struct tu_model_writing writing = {.arena = export->arena,
		.model = model,
		.device = export->device,
		.json = tu_json_writer(out, true)};

	forms[export->form].write(&writing);
	if (writing.failed || out->failed)
		return tu_no_memory(err);
	export->losses = (struct tu_model_losses){writing.losses.at, writing.losses.count};
	return TU_OK;
}

enum tu_status tu_model_write_members(const struct tu_model *model, struct tu_model_export *export,
	struct tu_json_writer *json, struct tu_error *err)
{
	struct tu_model_writing writing = {
		.arena = export->arena, .model = model, .device = export->device, .json = *json};

	tu_model_write_object(&writing);
	*json = writing.json;
	return writing.failed || json->buf->failed ? tu_no_memory(err) : TU_OK;
}
