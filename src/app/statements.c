#include "app/statements.h"

#include <stdio.h>
#include <string.h>

#include "base/input.h"
#include "cli/command.h"

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

static bool names(const struct tu_texts *authors, struct tu_str author)
{
	for (size_t i = 0; i < authors->count; i++)
		if (author.len && tu_str_eq(authors->at[i], author))
			return true;
	return false;
}

bool tu_vex_files_trust(const struct tu_vex_files *files, size_t document, size_t claim)
{
	const struct tu_vex_document *d = files->documents[document];

	return files->trusted && names(files->trusted, d->author) &&
		names(files->trusted, d->claims[claim].author);
}

/* "supplier says not_affected (vulnerable_code_not_present): …, acme.vex.json" */
static bool phrase(struct tu_arena *arena, const struct tu_vex_claim *claim, const char *path,
	bool trust, struct tu_str *out_text)
{
	struct tu_buf text;
	struct tu_str why = claim->status == TU_CLAIM_NOT_AFFECTED ? claim->impact : claim->action;
	bool fine;

	tu_buf_init(&text, 1 << 20);
	tu_buf_printf(&text, "%s says %s", trust ? "trusted supplier" : "supplier",
		tu_claim_status_name(claim->status));
	if (claim->justification.len)
		tu_buf_printf(&text, " (%.*s)", TU_STR_FMT(claim->justification));
	if (!why.len)
		why = claim->notes;
	if (why.len)
		tu_buf_printf(&text, ": %.*s", TU_STR_FMT(why));
	tu_buf_c(&text, " [");
	if (claim->author.len)
		tu_buf_printf(&text, "%.*s, ", TU_STR_FMT(claim->author));
	tu_buf_printf(&text, "%s]", path);
	fine = !text.failed && tu_arena_dup(arena, tu_buf_str(&text), out_text);
	tu_buf_done(&text);
	return fine;
}

static size_t *count_of(struct tu_match_counts *counts, enum tu_match_verdict verdict)
{
	switch (verdict) {
	case TU_MATCH_AFFECTED:
		return &counts->affected;
	case TU_MATCH_NOT_AFFECTED:
		return &counts->not_affected;
	case TU_MATCH_UNDECIDED:
	default:
		return &counts->undecided;
	}
}

static void decide(struct tu_finding *finding, struct tu_match_counts *counts)
{
	--*count_of(counts, finding->verdict);
	finding->verdict = TU_MATCH_NOT_AFFECTED;
	finding->reason = TU_WHY_VEX;
	++*count_of(counts, finding->verdict);
}

static enum tu_status mark(struct tu_vex_files *files, struct tu_arena *arena,
	struct tu_report *report, struct tu_error *err)
{
	const struct tu_match_result *old = report->result;
	struct tu_match_result *result = tu_arena_alloc(arena, sizeof(*result));
	struct tu_finding *findings = tu_arena_array(arena, old->finding_count, sizeof(*findings));

	if (!result || !findings)
		return tu_no_memory(err);
	*result = *old;
	if (old->finding_count)
		memcpy(findings, old->findings, old->finding_count * sizeof(*findings));
	for (size_t i = 0; i < files->application->link_count; i++) {
		const struct tu_vex_link *link = &files->application->links[i];
		const struct tu_vex_claim *claim =
			&files->documents[link->document]->claims[link->claim];
		struct tu_finding *finding = &findings[link->finding];
		if (finding->statement.len) /* the SBOM's own word, or the build's */
			continue;
		if (!phrase(arena, claim, files->paths[link->document],
			    files->trust || tu_vex_files_trust(files, link->document, link->claim),
			    &finding->statement))
			return tu_no_memory(err);
		if (files->trust && finding->verdict != TU_MATCH_NOT_AFFECTED &&
			(claim->status == TU_CLAIM_NOT_AFFECTED || claim->status == TU_CLAIM_FIXED))
			decide(finding, &result->counts);
	}
	result->findings = findings;
	report->result = result;
	return TU_OK;
}

enum tu_status tu_vex_files_apply(struct tu_vex_files *files, struct tu_arena *arena,
	struct tu_report *report, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < files->count && status == TU_OK; i++)
		if (!files->documents[i])
			status =
				tu_vex_file_read(arena, files->paths[i], &files->documents[i], err);
	if (status == TU_OK)
		status = tu_vex_apply(arena, files->documents, files->count, report->kb,
			report->inventory, report->result, &files->application, err);
	return status ? status : mark(files, arena, report, err);
}
