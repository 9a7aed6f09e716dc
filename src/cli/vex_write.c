/* tutela vex write: a device's decisions as statements that others can read. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/environment.h"
#include "cli/options.h"
#include "app/output.h"
#include "app/publish.h"

static const char name[] = "vex";

struct request {
	const char *format_name, *output, *release, *previous, *at, *tlp, *kb, *document_id,
		*summary;
	struct tu_values ids;
	enum tu_issue_format format;
};

struct writing {
	struct request request;
	struct tu_str tlp;
	int64_t at;
	struct tu_publish_answer answer;
};

static const char *tlp_word(size_t index)
{
	static const char *const labels[] = {"white", "green", "amber", "red"};

	return index < TU_COUNT(labels) ? labels[index] : NULL;
}

static const char *format_word(size_t index)
{
	return index < TU_ISSUE_FORMATS ? tu_issue_format_name((enum tu_issue_format)index) : NULL;
}

/* CSAF spells its labels in capitals. */
static void read_tlp(struct writing *w)
{
	static const struct tu_str labels[] = {TU_STR_INIT("WHITE"), TU_STR_INIT("GREEN"),
		TU_STR_INIT("AMBER"), TU_STR_INIT("RED")};
	size_t i = 0;

	while (strcmp(tlp_word(i), w->request.tlp) != 0)
		i++;
	w->tlp = labels[i];
}

static bool read_request(int *argc, char **argv, struct writing *w)
{
	struct request *request = &w->request;

	if (!tu_options_take(&tu_cmd_vex_write, argc, argv, request))
		return false;
	if (*argc != 2) {
		tu_command_misused(name, "expected one device folder");
		return false;
	}
	read_tlp(w);
	(void)tu_issue_format_by_name(tu_str_c(request->format_name), &request->format);
	return tu_context_time(name, "at", request->at, &w->at);
}

static enum tu_status write_out(struct writing *w, struct tu_error *err)
{
	struct tu_output output;
	enum tu_status status = tu_output_open(&output, w->request.output, err);

	if (status != TU_OK)
		return status;
	status = tu_issue_write(&w->answer.issue, w->request.format, &output.sink, err);
	if (status == TU_OK)
		return tu_output_close(&output, err);
	tu_output_abandon(&output);
	return status;
}

static int run(struct writing *w, const char *path)
{
	const struct request *r = &w->request;
	const struct tu_publish_request request = {.folder = path,
		.release = r->release,
		.kb = r->kb,
		.ids = r->ids.at,
		.id_count = r->ids.count,
		.previous = r->previous,
		.document_id = r->document_id,
		.summary = r->summary,
		.generator = "tutela " TUTELA_VERSION,
		.tlp = w->tlp,
		.format = r->format,
		.at = w->at,
		.created = r->at ? w->at : tu_clock_created()};
	struct tu_error err = {0};
	enum tu_status status = tu_app_publish(tu_context(), &request, &w->answer, &err);

	tu_command_warnings(name, &w->answer.warnings);
	if (status == TU_OK)
		status = write_out(w, &err);
	return status ? tu_command_failed(name, &err) : TU_EXIT_OK;
}

static int run_write(int argc, char **argv)
{
	struct writing w = {0};
	int code;

	if (!read_request(&argc, argv, &w))
		return TU_EXIT_USAGE;
	code = run(&w, argv[1]);
	tu_publish_done(&w.answer);
	return code;
}

static const struct tu_option options[] = {
	{"format", 'f', "FORMAT", "Write this kind of document",
		TU_TEXT(struct request, format_name), .word = format_word, .required = true},
	TU_OPTION_OUTPUT(struct request, output),
	{"release", 'r', "VERSION",
		"Write statements about this release (default: every release that decisions name)",
		TU_TEXT(struct request, release)},
	{"id", 0, "CVE", "Include only this vulnerability", TU_LIST(struct request, ids)},
	{"previous", 0, "FILE", "Replace this document and keep its history",
		TU_TEXT(struct request, previous), .replaced = true},
	{"at", 0, "TIME", "Date the document TIME, a date or a time with its zone (default: now)",
		TU_TEXT(struct request, at)},
	{"tlp", 0, "LABEL", "CSAF: mark the document with this TLP label",
		TU_TEXT(struct request, tlp), .word = tlp_word, .preset = "white"},
	{"summary", 0, "TEXT", "CSAF: summarize this revision in the revision history",
		TU_TEXT(struct request, summary)},
	{"document-id", 0, "ID",
		"Use this document id (default: made from device, kind, vulnerability and release)",
		TU_TEXT(struct request, document_id)},
	TU_OPTION_KB(struct request, kb),
};

const struct tu_command tu_cmd_vex_write = {
	.name = "vex write",
	.summary = "Write the decisions of a device folder as statements or a customer notice",
	.usage = {"DIR --format FORMAT [OPTION...]"},
	TU_OPTIONS(options),
	.run = run_write,
};
