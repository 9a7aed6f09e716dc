#include "app/scan.h"

#include <tutela/sbom_blank.h>

enum { STEPS = 4 };

/* ---- warnings ---- */

static void warn_of_sbom(struct tu_scan_answer *a)
{
	const struct tu_inventory *inventory = a->report.inventory;
	struct tu_str path = a->report.inventory_path;

	enum tu_blank blank = tu_sbom_blank(inventory);

	if (blank != TU_BLANK_NOT)
		tu_warn(&a->warnings, TU_WARN_EMPTY_SBOM, "%.*s %s", TU_STR_FMT(path),
			tu_blank_sentence(blank));
	if (inventory->note_count)
		tu_warn(&a->warnings, TU_WARN_SBOM_NOTES,
			"%.*s: %zu kinds of things were not understood; the table and json formats "
			"list them",
			TU_STR_FMT(path), inventory->note_count + inventory->notes_left_out);
}

void tu_warn_of_sources(struct tu_warnings *warnings, const struct tu_report_origin *origin)
{
	const struct tu_sidecar *sidecar = origin->sidecar;

	if (origin->sidecar_problem.len)
		tu_warn(warnings, TU_WARN_FRESHNESS, "%.*s%s: %.*s", TU_STR_FMT(origin->path),
			TU_KB_SIDECAR, TU_STR_FMT(origin->sidecar_problem));
	for (size_t i = 0; sidecar && i < sidecar->source_count; i++) {
		const struct tu_sidecar_source *source = &sidecar->sources[i];
		enum tu_freshness freshness = tu_sidecar_judge(source, origin->now);

		if (freshness != TU_FRESH)
			tu_warn(warnings, TU_WARN_FRESHNESS, "source %.*s: %s%s%.*s",
				TU_STR_FMT(source->name), tu_freshness_name(freshness),
				source->last_error.len ? ": " : "", TU_STR_FMT(source->last_error));
	}
}

/* A statement that does not apply is never passed over in silence. */
static void warn_of_files(struct tu_scan_answer *a)
{
	size_t counts[TU_VEX_OUTCOMES] = {0};
	size_t count = tu_vex_files_count(&a->vex, counts);

	if (counts[TU_VEX_APPLIES] < count)
		tu_warn(&a->warnings, TU_WARN_STATEMENT,
			"%zu of %zu statements of --vex apply; \"tutela vex check\" says why the "
			"others do not",
			counts[TU_VEX_APPLIES], count);
}

static void warn_of_own_statements(struct tu_scan_answer *a)
{
	const struct tu_vex_result *first;
	const struct tu_vex_claim *claim;
	size_t unused = tu_vex_files_unused(&a->vex, &first);

	if (!unused)
		return;
	claim = &a->vex.documents[first->document]->claims[first->claim];
	tu_warn(&a->warnings, TU_WARN_STATEMENT,
		"%zu statement%s inside the SBOM do%s not apply, such as %.*s on %.*s (%s, %.*s): "
		"%s",
		unused, unused == 1 ? "" : "s", unused == 1 ? "es" : "",
		TU_STR_FMT(tu_claim_state(claim)), TU_STR_FMT(claim->vulnerability),
		tu_vex_outcome_name(first->outcome), TU_STR_FMT(claim->pointer),
		tu_vex_outcome_sentence(first->outcome));
}

/* ---- the steps ---- */

static enum tu_status read_all(const struct tu_app_context *context,
	const struct tu_scan_request *request, struct tu_scan_answer *a, struct tu_error *err)
{
	enum tu_status status = tu_kernel_evidence_read(&request->kernel, &a->kernel, err);

	if (status == TU_OK)
		status = tu_app_step(context, "read the SBOM", 0, STEPS, err);
	if (status == TU_OK)
		status = tu_sbom_source_read(a->arena, &request->source, &a->report.inventory, err);
	if (status == TU_OK)
		status = tu_app_step(context, "open the knowledge base", 1, STEPS, err);
	if (status == TU_OK)
		status = tu_kb_file_open(context, request->kb, TU_KB_VERIFY_ONCE, &a->kb, err);
	if (status != TU_OK)
		return status;
	a->report.kb = a->kb.kb;
	tu_kb_info(a->report.kb, &a->report.kb_info);
	a->report.origin = tu_kb_file_origin(&a->kb, request->at ? request->at : context->now);
	a->report.inventory_path = tu_str_c(tu_sbom_source_name(&request->source));
	a->report.filter = request->filter;
	return tu_app_step(context, "match", 2, STEPS, err);
}

static enum tu_status match(const struct tu_app_context *context,
	const struct tu_scan_request *request, struct tu_scan_answer *a, struct tu_error *err)
{
	struct tu_match_options options = request->options;
	struct tu_report *report = &a->report;
	enum tu_status status;

	options.kernel = a->kernel;
	status = tu_vex_files_match(&a->vex, a->arena, report, &options, err);
	if (status == TU_OK)
		status = tu_app_step(context, "put the findings in order", 3, STEPS, err);
	if (status == TU_OK)
		status = tu_report_build(a->arena, report, err);
	if (status == TU_OK && request->upgrades)
		status = tu_upgrades_build(a->arena, report, &a->upgrades, err);
	return status;
}

enum tu_status tu_app_scan(const struct tu_app_context *context,
	const struct tu_scan_request *request, struct tu_scan_answer *a, struct tu_error *err)
{
	enum tu_status status;

	*a = (struct tu_scan_answer){.arena = tu_arena_new(TU_SBOM_MEMORY_MAX)};
	a->warnings.arena = a->arena;
	a->vex = request->vex;
	if (!a->arena)
		return tu_no_memory(err);
	status = read_all(context, request, a, err);
	if (status == TU_OK)
		status = match(context, request, a, err);
	if (status != TU_OK)
		return status;
	warn_of_sbom(a);
	if (a->report.result->kernel_note.len)
		tu_warn(&a->warnings, TU_WARN_KERNEL, "%.*s: it clears nothing",
			TU_STR_FMT(a->report.result->kernel_note));
	tu_warn_of_sources(&a->warnings, &a->report.origin);
	warn_of_files(a);
	warn_of_own_statements(a);
	return a->warnings.failed ? tu_no_memory(err) : TU_OK;
}

void tu_scan_done(struct tu_scan_answer *a)
{
	tu_kernel_build_free(a->kernel);
	tu_kb_file_close(&a->kb);
	tu_arena_free(a->arena);
	*a = (struct tu_scan_answer){0};
}
