/*
 * The CSAF documents of a revision at the moment when it is published: with that moment as their
 * date, signed, and kept under the name that others fetch them by.
 */
#include <tutela/csaf.h>

#include "base/json.h"
#include "csaf/csaf.h"
#include "csaf/redate.h"
#include "portfolio/provider.h"
#include "portfolio/statement_inside.h"

#define TITLE_MAX ((size_t)1 << 20)

struct releasing {
	struct tu_work *w;
	const struct tu_statement_writer *writer;
	const struct tu_statement_seen *row;
	enum tu_issue_format format;
	struct tu_str text; /* with its new dates */
	struct tu_document document; /* the same, kept */
	/* of the text */
	struct tu_str id, title, version, name;
	int64_t initial; /* seconds */
	uint8_t sha512[TU_SHA512_BYTES];
	struct tu_seal seal;
};

static enum tu_status redate(struct releasing *r, struct tu_str approved, struct tu_error *err)
{
	const struct tu_csaf_redate dates = {
		.from = r->row->revised / 1000000, .to = tu_work_seconds(r->w)};
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, approved.len + 1);
	status = tu_csaf_redate(approved, &dates, &text, err);
	if (status == TU_OK && !tu_arena_dup(r->w->arena, tu_buf_str(&text), &r->text))
		status = tu_no_memory(err);
	tu_buf_done(&text);
	return status ? status : tu_statement__check(r->w, r->format, r->text, err);
}

static bool take_texts(struct releasing *r, struct tu_json document)
{
	struct tu_json tracking = tu_json_get(document, TU_STR("tracking"));
	struct tu_buf name;
	bool kept;

	tu_buf_init(&name, TITLE_MAX);
	tu_csaf_file_name(TU_JSON_STR(tracking, "id"), &name);
	kept = !name.failed && tu_arena_dup(r->w->arena, tu_buf_str(&name), &r->name) &&
		tu_arena_dup(r->w->arena, TU_JSON_STR(tracking, "id"), &r->id) &&
		tu_arena_dup(r->w->arena, TU_JSON_STR(tracking, "version"), &r->version) &&
		tu_arena_dup(r->w->arena, TU_JSON_STR(document, "title"), &r->title);
	tu_buf_done(&name);
	r->initial = tu_csaf_instant(TU_JSON_STR(tracking, "initial_release_date")).seconds;
	return kept;
}

static enum tu_status describe(struct releasing *r, struct tu_error *err)
{
	const struct tu_json_limits limits = {.bytes = TU_DOCUMENT_MAX, .depth = 64};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_json root;
	enum tu_status status =
		parser ? tu_json_parse(parser, r->text, &limits, &root, err) : tu_no_memory(err);

	if (status == TU_OK && !take_texts(r, tu_json_get(root, TU_STR("document"))))
		status = tu_no_memory(err);
	tu_json_parser_free(parser);
	return status ? status : tu_sha512(r->text, r->sha512, err);
}

/* Where there is nothing to sign with it is published without a signature, and nothing says that it
 * has one. Any other failure is one of the publication. */
static enum tu_status seal(struct releasing *r, struct tu_error *err)
{
	const struct tu_statement_seal *seal = r->writer->seal;
	struct tu_seal_ask ask = {
		.name = r->name, .document = r->text, .who = r->w->act->actor, .at = r->w->act->at};
	enum tu_status status;

	r->seal.fingerprint[0] = '\0';
	if (!seal)
		return TU_OK;
	memcpy(ask.sha256, r->document.digest, sizeof(ask.sha256));
	status = tu_provider_seal(r->w, seal, &ask, &r->seal, err);
	if (status == TU_E_UNSUPPORTED || status == TU_E_NOTFOUND)
		r->seal.fingerprint[0] = '\0';
	return status == TU_E_UNSUPPORTED || status == TU_E_NOTFOUND ? TU_OK : status;
}

static enum tu_status keep(struct releasing *r, struct tu_error *err)
{
	struct tu_str format = tu_str_c(tu_issue_format_name(r->format));
	bool is_signed = r->seal.fingerprint[0] != '\0';
	enum tu_status status = tu_work_exec(r->w, TU_SQL_STATEMENT_DOCUMENT_RELEASE,
		TU_BIND(tu_int(r->row->revision_id), tu_text(format), tu_int(r->document.id)), err);

	return status
		? status
		: tu_work_exec(r->w, TU_SQL_CSAF_FILE_ADD,
			  TU_BIND(tu_int(r->row->revision_id), tu_text(format), tu_text(r->name),
				  tu_text(r->id), tu_text(r->title), tu_text(r->version),
				  tu_int(r->initial), tu_int(tu_work_seconds(r->w)),
				  tu_int(r->document.id),
				  tu_blob(tu_str_of((const char *)r->sha512, sizeof(r->sha512))),
				  is_signed ? tu_text(tu_buf_str(&r->seal.text)) : tu_null(),
				  is_signed ? tu_text(tu_str_c(r->seal.fingerprint)) : tu_null()),
			  err);
}

static enum tu_status note(const struct releasing *r, const uint8_t *approved, struct tu_error *err)
{
	struct tu_record record;

	tu_record_begin(
		&record, "statement.release", "statement:%.*s", TU_STR_FMT(r->row->public_id));
	record.change = (struct tu_change){"statement", r->row->id};
	tu_json_member_str(&record.json, "device", r->row->device);
	tu_json_member_int(&record.json, "revision", r->row->revision);
	tu_json_member_str(&record.json, "name", r->name);
	tu_json_member_str(&record.json, "version", r->version);
	tu_record_digest(&record.json, "before", approved);
	tu_record_digest(&record.json, "after", r->document.digest);
	tu_json_member_opt(&record.json, "key", tu_str_c(r->seal.fingerprint));
	return tu_record_add(&record, r->w, err);
}

static enum tu_status release(
	struct releasing *r, const struct tu_statement_document *document, struct tu_error *err)
{
	struct tu_str approved;
	enum tu_status status = tu_work_document(r->w, document->document_id, &approved, err);

	if (status == TU_OK)
		status = redate(r, approved, err);
	if (status == TU_OK)
		status = describe(r, err);
	if (status == TU_OK)
		status = tu_document_put(r->w, "statement", r->text, &r->document, err);
	if (status == TU_OK)
		status = seal(r, err);
	if (status == TU_OK)
		status = keep(r, err);
	return status ? status : note(r, document->digest, err);
}

enum tu_status tu_statement__release(struct tu_work *w, const struct tu_statement_writer *writer,
	const struct tu_statement_seen *row, struct tu_error *err)
{
	struct tu_statement_documents documents;
	enum tu_status status = tu_statement_documents(w, row->revision_id, &documents, err);

	for (size_t i = 0; status == TU_OK && i < documents.list.count; i++) {
		const struct tu_statement_document *one = &documents.list.at[i];
		struct releasing r = {.w = w, .writer = writer, .row = row, .format = one->format};

		if (one->format != TU_ISSUE_CSAF_VEX && one->format != TU_ISSUE_CSAF_ADVISORY)
			continue;
		tu_buf_init(&r.seal.text, TU_SEAL_TEXT_MAX);
		status = release(&r, one, err);
		tu_buf_done(&r.seal.text);
	}
	return status;
}

/* ---- names ---- */

static enum tu_status file_name(struct tu_work *w, const struct tu_statement_about *about,
	struct tu_statement_naming *naming, struct tu_error *err)
{
	struct tu_str id;
	struct tu_buf name;
	enum tu_status status = tu_statement__document_id(w, about, naming->format, &id, err);

	tu_buf_init(&name, TITLE_MAX);
	if (status == TU_OK)
		tu_csaf_file_name(id, &name);
	if (status == TU_OK &&
		(name.failed || !tu_arena_dup(w->arena, tu_buf_str(&name), &naming->name)))
		status = tu_no_memory(err);
	tu_buf_done(&name);
	return status;
}

/* Whose is it? 0: nobody's. */
static enum tu_status whose(
	struct tu_work *w, struct tu_str name, int64_t *out_statement, struct tu_error *err)
{
	enum tu_status status =
		tu_tx_int(w->tx, TU_SQL_CSAF_NAME_OF, TU_BIND(tu_text(name)), out_statement, err);

	if (status == TU_E_NOTFOUND)
		*out_statement = 0;
	return status == TU_E_NOTFOUND ? TU_OK : status;
}

/* Is each name free that the CSAF documents would have with this serial? */
static enum tu_status are_free(struct tu_work *w, const struct tu_statement_about *about,
	struct tu_statement_naming names[2], struct tu_error *err)
{
	enum tu_status status = TU_OK;

	names[0] = (struct tu_statement_naming){.format = TU_ISSUE_CSAF_VEX};
	names[1] = (struct tu_statement_naming){.format = TU_ISSUE_CSAF_ADVISORY};
	for (size_t i = 0; status == TU_OK && i < 2; i++) {
		names[i].wanted = about->formats & (1u << names[i].format);
		if (!names[i].wanted)
			continue;
		status = file_name(w, about, &names[i], err);
		if (status == TU_OK)
			status = whose(w, names[i].name, &names[i].taken, err);
	}
	return status;
}

enum tu_status tu_statement__name(
	struct tu_work *w, struct tu_statement_about *about, struct tu_error *err)
{
	struct tu_statement_naming names[2];
	enum tu_status status;

	about->serial = 0;
	do {
		about->serial++;
		status = are_free(w, about, names, err);
	} while (status == TU_OK && (names[0].taken || names[1].taken));
	return status;
}

enum tu_status tu_statement__name_keep(struct tu_work *w, const struct tu_statement_about *about,
	int64_t statement_id, struct tu_error *err)
{
	struct tu_statement_naming names[2];
	enum tu_status status = are_free(w, about, names, err);

	for (size_t i = 0; status == TU_OK && i < 2; i++)
		if (names[i].wanted && !names[i].taken)
			status = tu_work_exec(w, TU_SQL_CSAF_NAME_ADD,
				TU_BIND(tu_text(names[i].name), tu_int(statement_id)), err);
	return status;
}
