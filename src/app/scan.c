#include "app/scan.h"

#include "base/input.h"
#include "cli/clock.h"

struct tu_report_origin tu_kb_source_origin(const struct tu_kb_source_file *file, int64_t now)
{
	return (struct tu_report_origin){.starter = file->starter,
		.path = tu_str_c(file->starter ? "" : file->path.ptr),
		.sidecar = file->sidecar,
		.sidecar_problem = tu_str_c(file->sidecar_problem.message),
		.now = now};
}

enum tu_status tu_matching_run(struct tu_matching *matching, const struct tu_sbom_source *source,
	const char *kb, struct tu_report_filter filter, const struct tu_match_options *options,
	struct tu_error *err)
{
	struct tu_report *report = &matching->report;
	enum tu_status status;

	matching->kb = (struct tu_kb_source_file){0};
	*report = (struct tu_report){0};
	matching->arena = tu_arena_new(TU_SBOM_MEMORY_MAX);
	if (!matching->arena)
		return tu_no_memory(err);
	status = tu_sbom_source_read(matching->arena, source, &report->inventory, err);
	if (status == TU_OK)
		status = tu_kb_source_open(kb, TU_KB_VERIFY_ONCE, &matching->kb, err);
	if (status != TU_OK)
		return status;
	report->kb = matching->kb.kb;
	tu_kb_info(report->kb, &report->kb_info);
	report->origin = tu_kb_source_origin(&matching->kb, tu_clock_now());
	report->inventory_path = tu_str_c(tu_sbom_source_name(source));
	report->filter = filter;
	status = tu_vex_files_match(&matching->vex, matching->arena, report, options, err);
	return status ? status : tu_report_build(matching->arena, report, err);
}

static enum tu_status read_text(const char *path, struct tu_buf *text, struct tu_error *err)
{
	tu_buf_init(text, (size_t)1 << 30);
	return path ? tu_input_read(path, text, err) : TU_OK;
}

/* An empty file is given, but says nothing: not the same as none. */
static struct tu_str given(const char *path, const struct tu_buf *text)
{
	return path ? tu_str_of(text->len ? text->ptr : "", text->len) : (struct tu_str){NULL, 0};
}

enum tu_status tu_matching_kernel(const char *config, const char *compiled,
	struct tu_kernel_build **out_kernel, struct tu_error *err)
{
	struct tu_buf config_text, compiled_text;
	enum tu_status status = read_text(config, &config_text, err);
	enum tu_status other = read_text(compiled, &compiled_text, err);

	*out_kernel = NULL;
	if (status == TU_OK)
		status = other;
	if (status == TU_OK && (config || compiled))
		status = tu_kernel_build_new(given(config, &config_text),
			given(compiled, &compiled_text), out_kernel, err);
	tu_buf_done(&config_text);
	tu_buf_done(&compiled_text);
	return status;
}

void tu_matching_done(struct tu_matching *matching)
{
	tu_kernel_build_free(matching->kernel);
	tu_kb_source_close(&matching->kb);
	tu_arena_free(matching->arena);
	*matching = (struct tu_matching){0};
}
