#include "cli/matching.h"

#include "cli/sbom_file.h"

enum tu_status tu_matching_run(struct tu_matching *matching, const char *sbom, const char *kb,
	struct tu_report_filter filter, const struct tu_match_options *options,
	struct tu_error *err)
{
	struct tu_report *report = &matching->report;
	enum tu_status status;

	matching->kb = (struct tu_kb_source_file){0};
	*report = (struct tu_report){0};
	matching->arena = tu_arena_new(TU_SBOM_MEMORY_MAX);
	if (!matching->arena)
		return tu_fail(err, TU_E_NOMEM, 0, "out of memory");
	status = tu_sbom_file_read(matching->arena, sbom, &report->inventory, err);
	if (status == TU_OK)
		status = tu_kb_source_open(kb, TU_KB_VERIFY_ONCE, &matching->kb, err);
	if (status != TU_OK)
		return status;
	report->kb = matching->kb.kb;
	tu_kb_info(report->kb, &report->kb_info);
	report->origin.starter = matching->kb.starter;
	report->origin.path = tu_str_c(matching->kb.starter ? "" : matching->kb.path.ptr);
	report->inventory_path = tu_str_c(sbom);
	report->filter = filter;
	status = tu_match(
		matching->arena, report->kb, report->inventory, options, &report->result, err);
	if (status == TU_OK && matching->vex.count)
		status = tu_vex_files_apply(&matching->vex, matching->arena, report, err);
	return status ? status : tu_report_build(matching->arena, report, err);
}

void tu_matching_done(struct tu_matching *matching)
{
	tu_kb_source_close(&matching->kb);
	tu_arena_free(matching->arena);
	*matching = (struct tu_matching){0};
}
