#include "app/statements.h"

#include "base/input.h"

enum tu_status tu_vex_file_read(struct tu_arena *arena, const char *path,
	const struct tu_vex_document **out_document, struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, (size_t)1 << 30);
	status = tu_input_read(path, &text, err);
	if (status == TU_OK) {
		status = tu_vex_read(arena, tu_buf_str(&text), true, out_document, err);
		if (status != TU_OK)
			(void)tu_error_in_file(err, "%s", path);
	}
	tu_buf_done(&text);
	return status;
}

bool tu_vex_files_trust(const struct tu_vex_files *files, size_t document, size_t claim)
{
	const struct tu_vex_trust named = {
		.authors = files->trust.authors, .author_count = files->trust.author_count};
	const struct tu_vex_document *d = files->documents[document];

	return tu_vex_trusts(&named, d, &d->claims[claim]);
}

static enum tu_status read_all(struct tu_vex_files *files, struct tu_arena *arena,
	struct tu_report *report, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < files->count && status == TU_OK; i++)
		if (!files->documents[i])
			status =
				tu_vex_file_read(arena, files->paths[i], &files->documents[i], err);
	if (status != TU_OK)
		return status;
	files->paths[files->count] = report->inventory_path.ptr;
	return tu_vex_own(arena, report->inventory, &files->documents[files->count], err);
}

static enum tu_status apply(struct tu_vex_files *files, struct tu_arena *arena,
	struct tu_report *report, struct tu_error *err)
{
	struct tu_vex_input input = {.documents = files->documents,
		.count = files->count + 1,
		.names = files->paths,
		.kb = report->kb,
		.inventory = report->inventory,
		.match = report->result,
		.trust = files->trust};
	enum tu_status status;

	input.trust.sbom = !files->distrust_sbom;
	status = tu_vex_apply(arena, &input, &files->application, err);
	return status ? status
		      : tu_vex_decide(arena, &input, files->application, &report->result, err);
}

enum tu_status tu_vex_files_match(struct tu_vex_files *files, struct tu_arena *arena,
	struct tu_report *report, const struct tu_match_options *options, struct tu_error *err)
{
	struct tu_match_options with = options ? *options : (struct tu_match_options){0};
	enum tu_status status = read_all(files, arena, report, err);

	if (status != TU_OK)
		return status;
	if (files->count &&
		tu_vex_apart(arena, files->documents, files->count, report->inventory, &with.apart,
			&with.apart_count) != TU_OK)
		return tu_no_memory(err);
	status = tu_match(arena, report->kb, report->inventory, &with, &report->result, err);
	if (status != TU_OK || (!files->count && !files->documents[0]->claim_count))
		return status;
	return apply(files, arena, report, err);
}

size_t tu_vex_files_count(const struct tu_vex_files *files, size_t counts[TU_VEX_OUTCOMES])
{
	const struct tu_vex_application *application = files->application;
	size_t count = 0;

	while (application && count < application->result_count &&
		application->results[count].document < files->count)
		counts[application->results[count++].outcome]++;
	return count;
}

bool tu_vex_files_tells(const struct tu_vex_files *files, const struct tu_vex_result *result)
{
	if (result->document != files->count)
		return result->outcome != TU_VEX_APPLIES;
	return result->outcome != TU_VEX_APPLIES && result->outcome != TU_VEX_NO_STATUS &&
		result->outcome != TU_VEX_NO_FINDING &&
		result->outcome != TU_VEX_UNKNOWN_VULNERABILITY &&
		result->outcome != TU_VEX_SUPERSEDED;
}

size_t tu_vex_files_unused(const struct tu_vex_files *files, const struct tu_vex_result **out_first)
{
	const struct tu_vex_application *application = files->application;
	size_t count = 0;

	*out_first = NULL;
	for (size_t i = 0; application && i < application->result_count; i++) {
		const struct tu_vex_result *result = &application->results[i];

		if (result->document != files->count || !tu_vex_files_tells(files, result))
			continue;
		if (!count++)
			*out_first = result;
	}
	return count;
}
