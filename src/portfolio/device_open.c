/* A device as a model, for whoever may see it. */
#include "app/zone_file.h"
#include "base/json.h"
#include "portfolio/device.h"

struct opening {
	struct tu_arena *arena;
	struct tu_device_opened *out;
};

/* Texts of the transaction end with it. */
static bool keep(const struct opening *o, const struct tu_device_row *row, struct tu_str text)
{
	struct tu_device_opened *out = o->out;
	char *copy = tu_arena_alloc(o->arena, text.len + TU_JSON_PADDING);

	if (!copy)
		return false;
	if (text.len)
		memcpy(copy, text.ptr, text.len);
	out->text = tu_str_of(copy, text.len);
	out->row = *row;
	return tu_arena_dup(o->arena, row->public_id, &out->row.public_id) &&
		tu_arena_dup(o->arena, row->name, &out->row.name) &&
		tu_arena_dup(o->arena, row->title, &out->row.title);
}

static enum tu_status read_text(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct opening *o = self;
	struct tu_device_row row;
	struct tu_str text;
	enum tu_status status = tu_device_in(w, o->out->scope, o->out->name, &row, err);

	if (status == TU_OK)
		status = tu_work_document(w, row.document_id, &text, err);
	if (status != TU_OK)
		return status;
	return keep(o, &row, text) ? TU_OK : tu_no_memory(err);
}

enum tu_status tu_device_open(struct tu_store *store, struct tu_arena *arena,
	struct tu_device_opened *opened, struct tu_error *err)
{
	const struct tu_device_limits limits = {.zones = &tu_zone_files};
	const struct tu_act act = {0};
	struct opening o = {arena, opened};
	enum tu_status status = tu_work_read(store, &act, read_text, &o, err);

	return status ? status
		      : tu_device_read(arena, TU_STR("device.yaml"), opened->text, &limits,
				&opened->model, err);
}
