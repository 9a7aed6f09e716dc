/* tutela vex write: a device's decisions as statements that others can read. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/input.h"
#include "app/assess.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "app/kb_file.h"
#include "cli/options.h"
#include "cli/output.h"
#include "app/publish.h"

static const char name[] = "vex";

struct request {
	const char *format_name, *output, *release, *previous, *at, *tlp, *kb, *document_id,
		*summary;
	struct tu_values ids;
	enum tu_issue_format format;
};

/* What a run holds on to. */
struct writing {
	struct request request;
	struct tu_device_folder folder;
	struct tu_kb_source_file kb;
	struct tu_assessing assessing; /* of the release that is asked for, if it has an SBOM */
	struct tu_buf previous;
	struct tu_buf id, title;
	struct tu_issue issue;
	size_t expired;
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
	w->issue.tlp = labels[i];
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
	return tu_device_folder_time(name, "at", request->at, &w->issue.at);
}

/* "larkspur-ip-200-vex", with the vulnerability where there is one only. */
static void name_document(struct writing *w)
{
	static const char *const kinds[TU_ISSUE_FORMATS] = {[TU_ISSUE_OPENVEX] = "vex",
		[TU_ISSUE_CYCLONEDX] = "vex",
		[TU_ISSUE_CSAF_VEX] = "vex",
		[TU_ISSUE_CSAF_ADVISORY] = "advisory",
		[TU_ISSUE_NOTICE_HTML] = "notice",
		[TU_ISSUE_NOTICE_TEXT] = "notice"};
	const struct tu_device *device = w->folder.device;
	const char *kind = kinds[w->request.format];

	tu_buf_printf(&w->id, "%.*s-%s", TU_STR_FMT(device->id), kind);
	if (w->request.ids.count == 1)
		tu_buf_printf(&w->id, "-%s", w->request.ids.at[0]);
	if (w->request.release)
		tu_buf_printf(&w->id, "-%s", w->request.release);
	tu_buf_printf(&w->title, "%.*s: %s", TU_STR_FMT(device->family),
		kind[0] == 'v' ? "vulnerability exploitability" : "security notice");
	if (w->request.ids.count == 1)
		tu_buf_printf(&w->title, " of %s", w->request.ids.at[0]);
	w->issue.id =
		w->request.document_id ? tu_str_c(w->request.document_id) : tu_buf_str(&w->id);
	w->issue.title = tu_buf_str(&w->title);
	w->issue.summary = tu_str_c(w->request.summary);
	w->issue.generator = TU_STR("tutela " TUTELA_VERSION);
}

static enum tu_status open_folder(
	struct writing *w, const char *path, bool *out_assess, struct tu_error *err)
{
	enum tu_status status = tu_device_folder_open(path, &w->folder, err);
	size_t release;

	*out_assess = false;
	if (status != TU_OK || !w->request.release)
		return status;
	status = tu_device_folder_release(&w->folder, w->request.release, &release, err);
	if (status != TU_OK)
		return status;
	*out_assess = w->folder.device->releases[release].sbom.len > 0;
	if (!*out_assess)
		tu_command_warn(name,
			"release %s has no SBOM: what earlier decisions say of it is not known",
			w->request.release);
	return TU_OK;
}

/* An assessment speaks of the decisions that it read itself: its folder takes the place of ours. */
static enum tu_status assess(
	struct writing *w, const char *path, struct tu_vex_wish *wish, struct tu_error *err)
{
	const struct tu_assessing_request request = {.folder = path,
		.release = w->request.release,
		.kb = w->request.kb,
		.at = w->issue.at};
	enum tu_status status = tu_assessing_run(&w->assessing, &request, err);

	wish->kb = w->assessing.matching.report.kb;
	wish->assessed = w->assessing.result;
	return status;
}

static enum tu_status find_statements(struct writing *w, const char *path, struct tu_error *err)
{
	struct tu_vex_wish wish = {.release = w->request.release,
		.ids = w->request.ids.at,
		.id_count = w->request.ids.count,
		.at = w->issue.at};
	bool assessed;
	enum tu_status status = open_folder(w, path, &assessed, err);

	if (status == TU_OK && assessed)
		status = assess(w, path, &wish, err);
	else if (status == TU_OK)
		status = tu_kb_source_open(w->request.kb, TU_KB_VERIFY_ONCE, &w->kb, err);
	if (status != TU_OK)
		return status;
	if (!assessed)
		wish.kb = w->kb.kb;
	return tu_vex_device_issue(
		assessed ? &w->assessing.folder : &w->folder, &wish, &w->issue, &w->expired, err);
}

static enum tu_status prepare(struct writing *w, const char *path, struct tu_error *err)
{
	enum tu_status status = find_statements(w, path, err);

	if (status == TU_OK && w->request.previous)
		status = tu_input_read(w->request.previous, &w->previous, err);
	if (status == TU_OK) {
		w->issue.previous = tu_buf_str(&w->previous);
		name_document(w);
	}
	return status;
}

static enum tu_status write_out(struct writing *w, struct tu_error *err)
{
	struct tu_output output;
	enum tu_status status = tu_output_open(&output, w->request.output, err);

	if (status != TU_OK)
		return status;
	status = tu_issue_write(&w->issue, w->request.format, &output.sink, err);
	if (status == TU_OK)
		return tu_output_close(&output, err);
	tu_output_abandon(&output);
	return status;
}

static int run(struct writing *w, const char *path)
{
	struct tu_error err = {0};
	enum tu_status status = prepare(w, path, &err);

	if (status == TU_OK && w->expired)
		tu_command_warn(name, "%zu decision%s ended and %s left out", w->expired,
			w->expired == 1 ? " has" : "s have", w->expired == 1 ? "is" : "are");
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
	tu_buf_init(&w.previous, (size_t)1 << 30);
	tu_buf_init(&w.id, 1 << 16);
	tu_buf_init(&w.title, 1 << 16);
	code = run(&w, argv[1]);
	tu_buf_done(&w.title);
	tu_buf_done(&w.id);
	tu_buf_done(&w.previous);
	tu_assessing_done(&w.assessing);
	tu_kb_source_close(&w.kb);
	tu_device_folder_done(&w.folder);
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
		TU_TEXT(struct request, previous)},
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
