/* Views of the SBOM of a release: quality, comparison, paths, tree. */
#include <tutela/sbom_above.h>
#include <tutela/sbom_check.h>
#include <tutela/supplement.h>

#include "api/columns.h"
#include "api/stored.h"
#include "app/sbom_paths.h"
#include "service/service.h"
#include "show/json_parts.h"
#include "show/sbom_check.h"
#include "show/sbom_diff.h"
#include "show/sbom_text.h"

#define DOCUMENT_MAX ((size_t)1 << 30)
enum { SECOND = 1000000 };

static const char json_type[] = "application/json";

/* ---- quality ---- */

static enum tu_status check(struct tu_api_call *call, const struct tu_api_sbom *sbom,
	struct tu_sink *sink, struct tu_error *err)
{
	const struct tu_check_request request = {
		tu_check_profile_by_name(tu_api_query(call, "profile")), sbom->inventory,
		call->now / SECOND};
	const struct tu_check_result *result;
	enum tu_status status = tu_sbom_check(sbom->arena, &request, &result, err);

	if (status == TU_OK)
		tu_sbom_check_json(
			&(struct tu_sbom_checked){sbom->inventory, result, call->path[0]}, false,
			sink);
	return status;
}

enum tu_status tu_api_get_sbom_quality(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_api_sbom sbom;
	struct tu_sink sink;
	enum tu_status status = tu_api_sbom_open(call, call->path[0], &sbom, err);

	tu_sink_init_memory(&sink, DOCUMENT_MAX);
	if (status == TU_OK)
		status = check(call, &sbom, &sink, err);
	if (status == TU_OK)
		status = tu_api_sbom_answer(call, json_type, &sink, "", err);
	tu_sink_done(&sink);
	tu_api_sbom_close(&sbom);
	return status;
}

/* ---- comparison ---- */

static enum tu_status compare(struct tu_api_call *call, struct tu_sbom_diff_answer *diff,
	struct tu_sink *sink, struct tu_error *err)
{
	enum tu_status status = tu_api_kb(call, err);

	if (status != TU_OK)
		return status;
	diff->known = call->kb->kb;
	diff->kb.starter = true; /* it has no path */
	status = tu_sbom_diff_compare(diff, err);
	if (status == TU_OK)
		tu_sbom_diff_json(diff, sink);
	return status;
}

static enum tu_status compare_with(struct tu_api_call *call, const struct tu_api_sbom *from,
	struct tu_sink *sink, struct tu_error *err)
{
	struct tu_api_sbom to;
	enum tu_status status = tu_api_sbom_open(call, tu_api_query(call, "to"), &to, err);
	struct tu_sbom_diff_answer diff = {.arena = from->arena,
		.a = {.source = {.path = "from"}, .inventory = from->inventory},
		.b = {.source = {.path = "to"}, .inventory = to.inventory}};

	if (status == TU_OK)
		status = compare(call, &diff, sink, err);
	tu_api_sbom_close(&to);
	return status;
}

enum tu_status tu_api_diff_sboms(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_api_sbom from;
	struct tu_sink sink;
	enum tu_status status = tu_api_sbom_open(call, call->path[0], &from, err);

	tu_sink_init_memory(&sink, DOCUMENT_MAX);
	if (status == TU_OK)
		status = compare_with(call, &from, &sink, err);
	if (status == TU_OK)
		status = tu_api_sbom_answer(call, json_type, &sink, "", err);
	tu_sink_done(&sink);
	tu_api_sbom_close(&from);
	return status;
}

/* ---- why is it in there ---- */

struct pathing {
	struct tu_json_writer json; /* of the sink */
	const struct tu_inventory *inventory;
	bool open; /* the paths of a component are being written */
};

static void open_component(struct pathing *p, uint32_t component)
{
	if (p->open)
		return;
	tu_json_open_object(&p->json);
	tu_json_key(&p->json, "component");
	tu_json_component(&p->json, p->inventory, &p->inventory->components[component]);
	tu_json_key(&p->json, "paths");
	tu_json_open_array(&p->json);
	p->open = true;
}

/* From the outermost down. */
static void write_path(void *self, const uint32_t *path, size_t length)
{
	struct pathing *p = self;

	open_component(p, path[0]);
	tu_json_open_array(&p->json);
	for (size_t i = length; i-- > 0;)
		tu_json_component(&p->json, p->inventory, &p->inventory->components[path[i]]);
	tu_json_close_array(&p->json);
}

static void end_component(void *self, uint32_t component, bool more)
{
	struct pathing *p = self;

	open_component(p, component);
	tu_json_close_array(&p->json);
	tu_json_member_bool(&p->json, "more", more);
	tu_api_sbom_stated(&p->json, &p->inventory->components[component]);
	tu_json_close_object(&p->json);
	p->open = false;
}

static enum tu_status with_above(struct tu_api_sbom *sbom, struct tu_error *err)
{
	return sbom->inventory->above
		? TU_OK
		: tu_sbom_find_above(sbom->arena, sbom->inventory, &sbom->inventory, err);
}

static void write_paths(
	struct tu_api_call *call, const struct tu_api_sbom *sbom, struct tu_sink *sink)
{
	struct pathing p = {tu_json_writer(&sink->buf, false), sbom->inventory, false};
	const struct tu_sbom_paths paths = {.inventory = sbom->inventory,
		.wanted = tu_api_query(call, "component"),
		.path = write_path,
		.done = end_component,
		.self = &p};

	tu_json_open_object(&p.json);
	tu_json_key(&p.json, "components");
	tu_json_open_array(&p.json);
	(void)tu_sbom_paths_walk(&paths);
	tu_json_close_array(&p.json);
	tu_json_close_object(&p.json);
}

enum tu_status tu_api_get_sbom_paths(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_api_sbom sbom;
	struct tu_sink sink;
	enum tu_status status = tu_api_sbom_open(call, call->path[0], &sbom, err);

	tu_sink_init_memory(&sink, DOCUMENT_MAX);
	if (status == TU_OK)
		status = with_above(&sbom, err);
	if (status == TU_OK) {
		write_paths(call, &sbom, &sink);
		status = tu_api_sbom_answer(call, json_type, &sink, "", err);
	}
	tu_sink_done(&sink);
	tu_api_sbom_close(&sbom);
	return status;
}
