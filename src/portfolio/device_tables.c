/* What device.yaml says, in tables that others can ask. */
#include "portfolio/device.h"

#define BUF_MAX ((size_t)1 << 20)

/* Words with a space between them. */
static bool join(struct tu_work *w, const struct tu_texts *texts, struct tu_str *out)
{
	struct tu_buf text;
	bool ok;

	tu_buf_init(&text, BUF_MAX);
	for (size_t i = 0; i < texts->count; i++) {
		if (i)
			tu_buf_byte(&text, ' ');
		tu_buf_str_add(&text, texts->at[i]);
	}
	ok = !text.failed && tu_arena_dup(w->arena, tu_buf_str(&text), out);
	tu_buf_done(&text);
	return ok;
}

static bool has_variant(const struct tu_device *model, struct tu_str name)
{
	for (size_t i = 0; i < model->variant_count; i++)
		if (tu_str_eq(model->variants[i].name, name))
			return true;
	return false;
}

/* Variants stay the same rows: units will refer to them. */
static enum tu_status fill_variants(
	struct tu_work *w, int64_t device, const struct tu_device *model, struct tu_error *err)
{
	struct tu_batch rows = {.w = w}, gone = {.w = w};
	struct tu_rows *there;
	enum tu_status status =
		tu_tx_query(w->tx, TU_SQL_VARIANT_NAMES, TU_BIND(tu_int(device)), &there, err);
	bool ok = true;

	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(there)) {
		struct tu_str name = {0};

		ok = tu_arena_dup(w->arena, tu_rows_text(there, 0), &name);
		if (ok && !has_variant(model, name))
			tu_batch_add(&gone, TU_BIND(tu_int(device), tu_text(name)));
	}
	status = tu_rows_close(there, err);
	for (size_t i = 0; ok && i < model->variant_count; i++) {
		const struct tu_variant *v = &model->variants[i];
		struct tu_str markets;

		ok = join(w, &v->markets, &markets);
		if (ok)
			tu_batch_add(&rows,
				TU_BIND(tu_int(device), tu_text(v->name), tu_text_opt(v->udi_di),
					tu_text_opt(v->model), tu_text(markets)));
	}
	if (status == TU_OK && !ok)
		status = tu_no_memory(err);
	if (status == TU_OK)
		status = tu_batch_run(&gone, TU_SQL_VARIANT_REMOVE, err);
	return status ? status : tu_batch_run(&rows, TU_SQL_VARIANT_PUT, err);
}

static enum tu_status fill_hazards(
	struct tu_work *w, int64_t device, const struct tu_device *model, struct tu_error *err)
{
	struct tu_batch rows = {.w = w};

	for (size_t i = 0; i < model->hazard_count; i++) {
		const struct tu_hazard *h = &model->hazards[i];

		tu_batch_add(&rows,
			TU_BIND(tu_int(device), tu_text(h->id), tu_text(h->title),
				tu_int(h->severity), tu_text_opt(h->reference)));
	}
	return tu_batch_run(&rows, TU_SQL_HAZARD_ADD, err);
}

static void add_links(int64_t device, const struct tu_device *model, const struct tu_asset *asset,
	struct tu_batch *links)
{
	for (size_t i = 0; i < asset->hazard_count; i++) {
		const struct tu_hazard_link *link = &asset->hazards[i];

		tu_batch_add(links,
			TU_BIND(tu_int(device), tu_text(asset->id),
				tu_text(model->hazards[link->hazard].id), tu_int(link->loss)));
	}
}

static enum tu_status fill_assets(
	struct tu_work *w, int64_t device, const struct tu_device *model, struct tu_error *err)
{
	struct tu_batch rows = {.w = w}, links = {.w = w};
	enum tu_status status;

	for (size_t i = 0; i < model->asset_count; i++) {
		const struct tu_asset *a = &model->assets[i];

		tu_batch_add(&rows,
			TU_BIND(tu_int(device), tu_text(a->id), tu_text(a->title),
				tu_text(tu_str_c(tu_function_name(a->function))),
				tu_int(a->privacy), tu_int(a->harmless),
				tu_text_opt(a->rationale)));
		add_links(device, model, a, &links);
	}
	status = tu_batch_run(&rows, TU_SQL_ASSET_ADD, err);
	return status ? status : tu_batch_run(&links, TU_SQL_ASSET_HAZARD_ADD, err);
}

static enum tu_status fill_ways(
	struct tu_work *w, int64_t device, const struct tu_device *model, struct tu_error *err)
{
	struct tu_batch interfaces = {.w = w}, controls = {.w = w};
	enum tu_status status;

	for (size_t i = 0; i < model->interface_count; i++) {
		const struct tu_interface *f = &model->interfaces[i];

		tu_batch_add(&interfaces,
			TU_BIND(tu_int(device), tu_text(f->id), tu_text(f->title),
				tu_text(tu_str_c(tu_interface_kind_name(f->kind)))));
	}
	for (size_t i = 0; i < model->control_count; i++) {
		const struct tu_control *c = &model->controls[i];

		tu_batch_add(&controls, TU_BIND(tu_int(device), tu_text(c->id), tu_text(c->title)));
	}
	status = tu_batch_run(&interfaces, TU_SQL_INTERFACE_ADD, err);
	return status ? status : tu_batch_run(&controls, TU_SQL_CONTROL_ADD, err);
}

enum tu_status tu_device__fill_tables(
	struct tu_work *w, int64_t device, const struct tu_device *model, struct tu_error *err)
{
	static const enum tu_sql clear[] = {TU_SQL_ASSET_HAZARD_CLEAR, TU_SQL_ASSET_CLEAR,
		TU_SQL_HAZARD_CLEAR, TU_SQL_INTERFACE_CLEAR, TU_SQL_CONTROL_CLEAR};
	static enum tu_status (*const fill[])(struct tu_work *, int64_t, const struct tu_device *,
		struct tu_error *) = {fill_variants, fill_hazards, fill_assets, fill_ways};
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < TU_COUNT(clear) && status == TU_OK; i++)
		status = tu_work_exec(w, clear[i], TU_BIND(tu_int(device)), err);
	for (size_t i = 0; i < TU_COUNT(fill) && status == TU_OK; i++)
		status = fill[i](w, device, model, err);
	return status;
}
