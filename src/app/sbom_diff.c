#include "app/sbom_diff.h"

#include "app/statements.h"

static enum tu_status match_side(
	struct tu_sbom_diff_answer *d, struct tu_sbom_diff_side *side, struct tu_error *err)
{
	struct tu_report report = {
		.kb = d->known, .inventory = side->inventory, .inventory_path = TU_STR("")};
	struct tu_vex_files files = {.count = 0};
	const struct tu_match_result *result;
	enum tu_status status = tu_vex_files_match(&files, d->arena, &report, NULL, err);

	if (status)
		return status;
	result = report.result;
	side->standings =
		tu_arena_array(d->arena, d->kb_info.vulnerabilities, sizeof(*side->standings));
	if (!side->standings)
		return tu_no_memory(err);
	for (size_t i = 0; i < result->finding_count; i++) {
		const struct tu_finding *finding = &result->findings[i];
		struct tu_sbom_standing *standing = &side->standings[finding->vulnerability];

		if (finding->verdict == TU_MATCH_NOT_AFFECTED)
			continue;
		if (standing->present && standing->verdict == TU_MATCH_AFFECTED)
			continue;
		if (standing->present && finding->verdict == TU_MATCH_UNDECIDED)
			continue;
		standing->present = true;
		standing->verdict = finding->verdict;
		standing->component = result->distinct[finding->distinct].first;
	}
	return TU_OK;
}

enum tu_sbom_turn tu_sbom_turn_of(const struct tu_sbom_diff_answer *d, uint32_t vulnerability)
{
	const struct tu_sbom_standing *a = &d->a.standings[vulnerability];
	const struct tu_sbom_standing *b = &d->b.standings[vulnerability];

	if (a->present != b->present)
		return b->present ? TU_TURN_CAME : TU_TURN_WENT;
	return a->present && a->verdict != b->verdict ? TU_TURN_CHANGED : TU_TURN_NONE;
}

size_t tu_sbom_turn_count(const struct tu_sbom_diff_answer *d, enum tu_sbom_turn turn)
{
	size_t count = 0;

	for (uint32_t i = 0; i < d->kb_info.vulnerabilities; i++)
		count += tu_sbom_turn_of(d, i) == turn;
	return count;
}

bool tu_sbom_diff_differs(const struct tu_sbom_diff_answer *d)
{
	return d->diff->changed || d->diff->added_count || d->diff->removed_count ||
		tu_sbom_turn_count(d, TU_TURN_CAME) || tu_sbom_turn_count(d, TU_TURN_WENT) ||
		tu_sbom_turn_count(d, TU_TURN_CHANGED);
}

static enum tu_status read_sides(
	struct tu_sbom_diff_answer *d, const char *supplement, struct tu_error *err)
{
	const struct tu_inventory *inventories[2];
	enum tu_status status = tu_sbom_source_read(d->arena, &d->a.source, &inventories[0], err);

	if (!status)
		status = tu_sbom_source_read(d->arena, &d->b.source, &inventories[1], err);
	if (!status && supplement)
		status = tu_sbom_file_supplement(d->arena, supplement, inventories, 2, err);
	if (status)
		return status;
	d->a.inventory = inventories[0];
	d->b.inventory = inventories[1];
	return TU_OK;
}

enum tu_status tu_sbom_diff_compare(struct tu_sbom_diff_answer *d, struct tu_error *err)
{
	enum tu_status status =
		tu_sbom_diff(d->arena, d->a.inventory, d->b.inventory, &d->diff, err);

	if (status)
		return status;
	tu_kb_info(d->known, &d->kb_info);
	status = match_side(d, &d->a, err);
	return status ? status : match_side(d, &d->b, err);
}

enum tu_status tu_app_sbom_diff(const struct tu_app_context *context,
	const struct tu_sbom_diff_request *request, struct tu_sbom_diff_answer *d,
	struct tu_error *err)
{
	enum tu_status status;

	*d = (struct tu_sbom_diff_answer){.arena = tu_arena_new(TU_SBOM_MEMORY_MAX),
		.a = {.source = {.path = request->a}},
		.b = {.source = {.path = request->b}}};
	if (!d->arena)
		return tu_no_memory(err);
	status = read_sides(d, request->supplement, err);
	if (!status)
		status = tu_kb_file_open(context, request->kb, TU_KB_VERIFY_ONCE, &d->kb, err);
	d->known = d->kb.kb;
	return status ? status : tu_sbom_diff_compare(d, err);
}

void tu_sbom_diff_done(struct tu_sbom_diff_answer *d)
{
	tu_kb_file_close(&d->kb);
	tu_arena_free(d->arena);
	*d = (struct tu_sbom_diff_answer){0};
}
