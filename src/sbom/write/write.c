#include "base/alloc.h"
#include "sbom/write/write.h"

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
	[TU_SBOM_TO_CYCLONEDX_17_JSON] = {TU_STR_INIT("cyclonedx-1.7-json"),
		tu_sbom__write_cyclonedx},
	[TU_SBOM_TO_CYCLONEDX_17_XML] = {TU_STR_INIT("cyclonedx-1.7-xml"),
		tu_sbom__write_cyclonedx},
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

bool tu_sbom_target_holds_serial(enum tu_sbom_target target, struct tu_str serial)
{
	/* SPDX 2.3, 6.5: an absolute URI without a fragment. */
	if (target == TU_SBOM_TO_SPDX_23_JSON || target == TU_SBOM_TO_SPDX_23_TAG_VALUE)
		return tu_sbom__is_uri(serial, false) && tu_str_find(serial, '#') == serial.len;
	return target != TU_SBOM_TO_SPDX_301_JSON || tu_sbom__is_uri(serial, true);
}

static enum tu_status finish(
	struct tu_sbom_writing *w, struct tu_sbom_losses *out_losses, struct tu_error *err)
{
	const struct tu_buf *out = w->out;

	if (w->sink->err.status)
		return tu_sink_check(w->sink, err);
	if (out->failed && out->len > out->ceiling / 2)
		return tu_fail(
			err, TU_E_LIMIT, 0, "more than the limit of %zu bytes", out->ceiling);
	return out->failed || !tu_sbom__list_losses(w, out_losses) ? tu_no_memory(err) : TU_OK;
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
	size_t refused = tu_alloc_refused();
	enum tu_status status;

	tu_buf_init(&w.made, SIZE_MAX / 2);
	status = targets[target].write(&w, err);
	w.out->failed = w.out->failed || w.made.failed;
	tu_buf_done(&w.made);
	if (status == TU_OK)
		status = finish(&w, out_losses, err);
	return tu_alloc_settle(refused, status, err);
}
