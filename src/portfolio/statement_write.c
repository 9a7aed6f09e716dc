/* The documents of a statement, from the decisions as they are. */
#include <tutela/csaf.h>

#include "app/publish.h"
#include "assess/publish.h"
#include "portfolio/look.h"
#include "portfolio/provider.h"
#include "portfolio/statement_inside.h"

#define DOCUMENT_MAX ((size_t)1 << 28)
#define NAME_MAX_BYTES ((size_t)1 << 16)

struct writing {
	struct tu_work *w;
	struct tu_statement_writing *of;
	const struct tu_device *model;
	struct tu_device_folder folder; /* without an assessment */
	struct tu_look look; /* of the release that is named */
	bool looked;
	struct tu_publish_request request; /* but for the format */
	struct tu_publish_titles own; /* of the device's cases of our own */
};

static char *c_text(struct tu_work *w, struct tu_str text)
{
	char *copy = tu_arena_text(w->arena, text.len + 1);

	if (copy && text.len)
		memcpy(copy, text.ptr, text.len);
	if (copy)
		copy[text.len] = '\0';
	return copy;
}

/* What is asked for, in the words of src/app: release and vulnerabilities. */
static enum tu_status take_asked(struct tu_work *w, const struct tu_statement_about *about,
	struct tu_publish_request *request, struct tu_error *err)
{
	struct tu_str rest = about->vulns, item;
	size_t room = 1;
	const char **ids;

	for (size_t i = 0; i < rest.len; i++)
		room += rest.ptr[i] == ',';
	ids = tu_arena_array(w->arena, room, sizeof(*ids));
	request->release = about->release.len ? c_text(w, about->release) : NULL;
	if (!ids || (about->release.len && !request->release))
		return tu_no_memory(err);
	request->ids = ids;
	while (rest.len && tu_str_split(&rest, ',', &item)) {
		char *id = c_text(w, tu_str_trim(item));

		if (!id)
			return tu_no_memory(err);
		if (id[0])
			ids[request->id_count++] = id;
	}
	return TU_OK;
}

/* The id that the document of a format gets, with the serial of statements that are alike. */
static enum tu_status name_one(const struct tu_publish_request *request,
	const struct tu_device *device, int64_t serial, struct tu_buf *out)
{
	tu_publish_document_id(request, device, out);
	if (serial > 1)
		tu_buf_printf(out, "-%lld", (long long)serial);
	return out->failed ? TU_E_NOMEM : TU_OK;
}

enum tu_status tu_statement__document_id(struct tu_work *w, const struct tu_statement_about *about,
	enum tu_issue_format format, struct tu_str *out, struct tu_error *err)
{
	struct tu_publish_request request = {.format = format};
	const struct tu_device *device;
	struct tu_buf id;
	enum tu_status status = tu_device_load(w, about->device, &device, NULL, err);

	if (status == TU_OK)
		status = take_asked(w, about, &request, err);
	if (status != TU_OK)
		return status;
	tu_buf_init(&id, NAME_MAX_BYTES);
	if (name_one(&request, device, about->serial, &id) ||
		!tu_arena_dup(w->arena, tu_buf_str(&id), out))
		status = tu_no_memory(err);
	tu_buf_done(&id);
	return status;
}

/* Of a release of the device, by its place in device.yaml; in the sandbox. */
static enum tu_status read_sbom(
	void *self, size_t index, const struct tu_inventory **out_inventory, struct tu_error *err)
{
	struct writing *p = self;
	const struct tu_settling settling = {
		.kb = p->of->writer->kb, .reader = p->of->writer->reader};
	struct tu_release_row row;
	struct tu_str bytes;
	enum tu_status status = tu_release_find(
		p->w, p->of->about->device, p->model->releases[index].version, &row, err);

	*out_inventory = NULL;
	if (status != TU_OK || !row.sbom_id)
		return status;
	if (p->looked && row.id == p->look.release.id) {
		*out_inventory = p->look.prepared.inventory;
		return TU_OK;
	}
	status = tu_work_document(p->w, row.sbom_id, &bytes, err);
	return status ? status : tu_settle_read(p->w->arena, &settling, bytes, out_inventory, err);
}

static enum tu_status look(struct writing *p, struct tu_error *err)
{
	const struct tu_statement_about *about = p->of->about;
	struct tu_release_row row;
	enum tu_status status = tu_release_find(p->w, about->device, about->release, &row, err);

	if (status != TU_OK || !row.sbom_id)
		return status;
	p->look = (struct tu_look){.kb = p->of->writer->kb, .reader = p->of->writer->reader};
	status = tu_look_open(p->w, row.public_id, &p->look, err);
	if (status == TU_OK && p->look.conflict.len && !p->look.answer.folder.decision_count)
		return tu_fail(err, TU_E_USAGE, 0, "nothing can be stated: %.*s",
			TU_STR_FMT(p->look.conflict));
	p->looked = status == TU_OK;
	return status;
}

static enum tu_status read_own_titles(struct writing *p, struct tu_error *err)
{
	struct tu_rows *rows;
	bool kept = true;
	enum tu_status status = tu_tx_query(p->w->tx, TU_SQL_CASE_OWN_TITLES,
		TU_BIND(tu_int(p->of->about->device->id)), &rows, err);

	if (status != TU_OK)
		return status;
	while (kept && tu_rows_next(rows)) {
		struct tu_publish_title one;

		kept = tu_arena_dup(p->w->arena, tu_rows_text(rows, 0), &one.id) &&
			tu_arena_dup(p->w->arena, tu_rows_text(rows, 1), &one.title) &&
			TU_VEC_PUSH_IN(p->w->arena, &p->own.list, one);
	}
	status = tu_rows_close(rows, err);
	return status || kept ? status : tu_no_memory(err);
}

static enum tu_status open_device(struct writing *p, struct tu_error *err)
{
	struct tu_assessment_rows rows = {0};
	enum tu_status status = tu_device_load(p->w, p->of->about->device, &p->model, NULL, err);

	if (status == TU_OK)
		status = tu_assessment_list(p->w, p->of->about->device->id, &rows, err);
	if (status == TU_OK)
		status = tu_decisions_check(rows.approved, rows.approved_count, err);
	if (status == TU_E_SYNTAX)
		status = TU_E_USAGE;
	if (status != TU_OK)
		return status;
	p->of->writer->approvals = p->model->policy.approvals;
	p->folder = (struct tu_device_folder){.arena = p->w->arena,
		.device = p->model,
		.decisions = rows.approved,
		.decision_count = rows.approved_count};
	return p->of->about->release.len ? look(p, err) : TU_OK;
}

static enum tu_status keep_warnings(
	struct writing *p, const struct tu_warnings *warnings, struct tu_error *err)
{
	for (size_t i = 0; i < warnings->count; i++) {
		struct tu_statement_warnings *kept = &p->of->writer->warnings;
		bool known = false;

		for (size_t k = 0; k < kept->list.count && !known; k++)
			known = tu_str_eq(kept->list.at[k], warnings->at[i].text);
		if (!known && !TU_VEC_PUSH_IN(p->w->arena, &kept->list, warnings->at[i].text))
			return tu_no_memory(err);
	}
	return TU_OK;
}

static enum tu_status write_out(
	struct writing *p, struct tu_publish_answer *a, struct tu_str *to, struct tu_error *err)
{
	struct tu_sink sink;
	enum tu_status status;

	tu_sink_init_memory(&sink, DOCUMENT_MAX);
	status = tu_issue_write(&a->issue, p->request.format, &sink, err);
	if (status == TU_OK &&
		(sink.buf.failed || !tu_arena_dup(p->w->arena, tu_buf_str(&sink.buf), to)))
		status = tu_no_memory(err);
	tu_sink_done(&sink);
	return status;
}

/* What src/app says of decisions that cannot be stated, as an error of whoever asks. */
static enum tu_status unstated(
	const struct tu_publish_answer *a, enum tu_status status, struct tu_error *err)
{
	if (status != TU_E_SYNTAX)
		return status;
	if (a->warnings.count && err) /* which decision, and why */
		return tu_fail(err, TU_E_USAGE, 0, "%.*s",
			TU_STR_FMT(a->warnings.at[a->warnings.count - 1].text));
	return TU_E_USAGE;
}

static enum tu_status name_document(struct writing *p, struct tu_buf *id, struct tu_error *err)
{
	if (p->of->about->serial <= 1)
		return TU_OK;
	if (name_one(&p->request, p->model, p->of->about->serial, id))
		return tu_no_memory(err);
	p->request.document_id = c_text(p->w, tu_buf_str(id));
	return p->request.document_id ? TU_OK : tu_no_memory(err);
}

/* As p->request has it, into `to`. */
static enum tu_status write_text(struct writing *p, struct tu_str *to, struct tu_error *err)
{
	struct tu_publish_answer *a = tu_arena_alloc(p->w->arena, sizeof(*a));
	enum tu_status status;

	if (!a)
		return tu_no_memory(err);
	*a = (struct tu_publish_answer){.read_sbom = read_sbom,
		.read_self = p,
		.titles = p->of->writer->kb,
		.own = &p->own};
	if (p->looked)
		a->assessed = p->look.answer;
	a->used = p->looked ? &a->assessed.folder : &p->folder;
	tu_buf_init(&a->previous, DOCUMENT_MAX);
	tu_buf_str_add(&a->previous, p->of->previous[p->request.format]);
	status = tu_app_publish_read(&p->request, a, err);
	if (status == TU_OK)
		status = write_out(p, a, to, err);
	status = unstated(a, status, err);
	if (status == TU_OK)
		status = keep_warnings(p, &a->warnings, err);
	tu_publish_read_done(a);
	return status;
}

static enum tu_status write_one(
	struct writing *p, enum tu_issue_format format, struct tu_error *err)
{
	struct tu_buf id;
	enum tu_status status;

	p->request.format = format;
	p->request.document_id = NULL;
	tu_buf_init(&id, NAME_MAX_BYTES);
	status = name_document(p, &id, err);
	p->request.plain = false;
	if (status == TU_OK)
		status = write_text(p, &p->of->texts[format], err);
	p->request.plain = true;
	if (status == TU_OK)
		status = write_text(p, &p->of->plain[format], err);
	tu_buf_done(&id);
	return status;
}

static enum tu_status begin(struct writing *p, struct tu_error *err)
{
	const struct tu_statement_about *about = p->of->about;

	p->request = (struct tu_publish_request){.generator = "tutela " TUTELA_VERSION,
		.tlp = about->tlp,
		.at = tu_work_seconds(p->w),
		.created = p->of->created,
		.withheld = p->of->withheld.at,
		.withheld_count = p->of->withheld.count};
	p->request.summary = about->summary.len ? c_text(p->w, about->summary) : NULL;
	if (about->summary.len && !p->request.summary)
		return tu_no_memory(err);
	return take_asked(p->w, about, &p->request, err);
}

/* CSAF documents are offered by the provider: another publisher in them is no error, but seldom
 * meant. */
static enum tu_status check_publisher(struct writing *p, struct tu_error *err)
{
	const unsigned csaf = 1u << TU_ISSUE_CSAF_VEX | 1u << TU_ISSUE_CSAF_ADVISORY;
	struct tu_statement_warnings *kept = &p->of->writer->warnings;
	struct tu_provider_setting setting;
	struct tu_str warning = {0};
	enum tu_status status;

	if (!(p->of->about->formats & csaf))
		return TU_OK;
	status = tu_provider_read(p->w, &setting, err);
	if (status == TU_OK)
		status = tu_provider_differs(p->w, &setting, p->model, &warning, err);
	if (status == TU_OK && warning.len && !TU_VEC_PUSH_IN(p->w->arena, &kept->list, warning))
		status = tu_no_memory(err);
	return status;
}

enum tu_status tu_statement__write(
	struct tu_work *w, struct tu_statement_writing *of, struct tu_error *err)
{
	struct writing *p = tu_arena_alloc(w->arena, sizeof(*p));
	enum tu_status status;

	if (!p)
		return tu_no_memory(err);
	*p = (struct writing){.w = w, .of = of};
	memset(&of->writer->warnings, 0, sizeof(of->writer->warnings));
	status = begin(p, err);
	if (status == TU_OK)
		status = open_device(p, err);
	if (status == TU_OK)
		status = read_own_titles(p, err);
	if (status == TU_OK)
		status = check_publisher(p, err);
	for (int format = 0; format < TU_ISSUE_FORMATS && status == TU_OK; format++) {
		of->texts[format] = of->plain[format] = (struct tu_str){0};
		if (of->about->formats & (1u << format))
			status = write_one(p, (enum tu_issue_format)format, err);
	}
	return status;
}

enum tu_status tu_statement__check(
	struct tu_work *w, enum tu_issue_format format, struct tu_str text, struct tu_error *err)
{
	const unsigned classes = 1u << TU_CSAF_SCHEMA | 1u << TU_CSAF_MANDATORY;
	const struct tu_csaf_report *report;
	enum tu_status status;

	if (format != TU_ISSUE_CSAF_VEX && format != TU_ISSUE_CSAF_ADVISORY)
		return TU_OK;
	status = tu_csaf_validate(w->arena, text, false, classes, &report, err);
	if (status == TU_OK && !report->valid)
		return tu_fail(err, TU_E_USAGE, 0, "%s is not valid: test %.*s: %.*s",
			tu_issue_format_name(format), TU_STR_FMT(report->problems[0].test),
			TU_STR_FMT(report->problems[0].message));
	return status;
}

enum tu_status tu_statement_preview(struct tu_work *w, struct tu_statement_writer *writer,
	const struct tu_statement_about *about, struct tu_str *out_text, struct tu_error *err)
{
	struct tu_statement_writing writing = {
		.writer = writer, .about = about, .created = tu_work_seconds(w)};
	enum tu_status status = tu_statement__write(w, &writing, err);

	*out_text = (struct tu_str){0};
	for (int format = 0; format < TU_ISSUE_FORMATS && status == TU_OK; format++)
		if (writing.texts[format].len && !out_text->len)
			*out_text = writing.texts[format];
	return status;
}
