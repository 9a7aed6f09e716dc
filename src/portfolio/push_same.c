/* A folder whose device the store has by another name: by what it carries, not by what it says. */
#include "portfolio/push_inside.h"

enum { WHAT_MAX = 400 };

struct same {
	struct tu_str device; /* of the store; empty: none */
	struct tu_buf what; /* that both have */
};

static enum tu_status ask(struct tu_work *w, enum tu_sql sql, struct tu_params bind,
	struct same *out, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(w->tx, sql, bind, &rows, err);
	bool ok = true;

	if (status != TU_OK)
		return status;
	if (tu_rows_next(rows))
		ok = tu_arena_dup(w->arena, tu_rows_text(rows, 0), &out->device);
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

/* A UDI-DI is of one device. */
static enum tu_status by_udi(
	struct tu_work *w, const struct tu_device *model, struct same *out, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; status == TU_OK && !out->device.len && i < model->variant_count; i++) {
		struct tu_str udi = model->variants[i].udi_di;

		if (!udi.len)
			continue;
		status = ask(w, TU_SQL_DEVICE_OF_UDI, TU_BIND(tu_text(udi), tu_text(model->id)),
			out, err);
		if (out->device.len)
			tu_buf_printf(&out->what, "the UDI-DI %.*s", TU_STR_FMT(udi));
	}
	return status;
}

/* The same SBOM in a release of the same version is the same release. */
static enum tu_status by_release(struct tu_work *w, const struct tu_device *model,
	const struct tu_items *items, struct same *out, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; status == TU_OK && !out->device.len && i < model->release_count; i++) {
		const struct tu_release *release = &model->releases[i];
		const struct tu_item *sbom = tu_items_find(items, release->sbom);

		if (!release->sbom.len || !sbom)
			continue;
		status = ask(w, TU_SQL_DEVICE_OF_RELEASE,
			TU_BIND(tu_blob(tu_str_of((const char *)sbom->digest, TU_SHA256_BYTES)),
				tu_text(release->version), tu_text(model->id)),
			out, err);
		if (out->device.len)
			tu_buf_printf(&out->what, "the release %.*s with the same SBOM",
				TU_STR_FMT(release->version));
	}
	return status;
}

static enum tu_status say(struct tu_push *push, const struct tu_device *model,
	const struct same *same, struct tu_error *err)
{
	if (push->new_device)
		return tu_push__say(push, false,
			       "%.*s is a new device, as was said; the store has %.*s of it as "
			       "%.*s, too",
			       TU_STR_FMT(model->id), TU_STR_FMT(tu_buf_str(&same->what)),
			       TU_STR_FMT(same->device))
			? TU_OK
			: tu_no_memory(err);
	return tu_fail(err, TU_E_USAGE, 0,
		"device.yaml calls this device %.*s, and the store has %.*s of it as %.*s: nothing "
		"is "
		"pushed. If it is the same device, it keeps its name: state \"id: %.*s\". If it is "
		"another one, say that it is new (push --new-device, new_device of /v1/push)",
		TU_STR_FMT(model->id), TU_STR_FMT(tu_buf_str(&same->what)),
		TU_STR_FMT(same->device), TU_STR_FMT(same->device));
}

enum tu_status tu_push__check_same(struct tu_work *w, const struct tu_device *model,
	const struct tu_items *items, struct tu_push *push, struct tu_error *err)
{
	struct same same = {0};
	enum tu_status status;

	tu_buf_init(&same.what, WHAT_MAX);
	status = by_udi(w, model, &same, err);
	if (status == TU_OK && !same.device.len)
		status = by_release(w, model, items, &same, err);
	if (status == TU_OK && same.device.len)
		status = say(push, model, &same, err);
	tu_buf_done(&same.what);
	return status;
}
