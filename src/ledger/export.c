#include "ledger/export.h"

#include <stddef.h>

#include "base/alloc.h"
#include "ledger/line.h"

enum { HEADER_MAX = 1024 };

#define OF_HEADER(kind, member) kind, offsetof(struct tu_ledger_header, member)
#define OF_RECORD(kind, member) kind, offsetof(struct tu_ledger_record, member)

static const struct tu_line_field header_fields[] = {
	{"format", TU_LINE_FIXED, 0, 0, "tutela ledger 1"},
	{"instance", OF_HEADER(TU_LINE_ID, instance), TU_INSTANCE_DIGITS, NULL},
	{"records", OF_HEADER(TU_LINE_INT, head.n), 0, NULL},
	{"head", OF_HEADER(TU_LINE_HEX, head.hash), TU_SHA256_BYTES, NULL},
};

static const struct tu_line_field record_fields[] = {
	{"n", OF_RECORD(TU_LINE_INT, n), 0, NULL},
	{"at", OF_RECORD(TU_LINE_INT, at), 0, NULL},
	{"actor", OF_RECORD(TU_LINE_TEXT, texts.actor), 0, NULL},
	{"action", OF_RECORD(TU_LINE_TEXT, texts.action), 0, NULL},
	{"subject", OF_RECORD(TU_LINE_TEXT, texts.subject), 0, NULL},
	{"body", OF_RECORD(TU_LINE_TEXT, texts.body), 0, NULL},
	{"hash", OF_RECORD(TU_LINE_HEX, hash), TU_SHA256_BYTES, NULL},
};

static const struct tu_line_form header_form = {
	"the first line of a ledger", header_fields, TU_COUNT(header_fields), HEADER_MAX};
static const struct tu_line_form record_form = {
	"a record of a ledger", record_fields, TU_COUNT(record_fields), TU_LEDGER_LINE_MAX};

void tu_ledger_write_header(const struct tu_ledger_header *header, struct tu_buf *out)
{
	tu_ledger__line_write(&header_form, header, out);
}

void tu_ledger_write_record(const struct tu_ledger_record *record, struct tu_buf *out)
{
	tu_ledger__line_write(&record_form, record, out);
}

/* ---- reading ---- */

struct tu_ledger_reader {
	struct tu_json_parser *parser;
	struct tu_buf again;
	const struct tu_ledger_trust *trust;
	size_t lines;
	bool headless;
	struct tu_ledger_header header;
	struct tu_ledger_verifier verifier;
};

struct tu_ledger_reader *tu_ledger_reader_new(const struct tu_ledger_trust *trust)
{
	struct tu_ledger_reader *reader = tu_alloc(1, sizeof(*reader));

	if (!reader)
		return NULL;
	reader->trust = trust;
	reader->parser = tu_json_parser_new();
	tu_buf_init(&reader->again, TU_LEDGER_LINE_MAX + 1);
	if (reader->parser)
		return reader;
	tu_ledger_reader_free(reader);
	return NULL;
}

void tu_ledger_reader_free(struct tu_ledger_reader *reader)
{
	if (!reader)
		return;
	tu_json_parser_free(reader->parser);
	tu_buf_done(&reader->again);
	tu_free(reader);
}

void tu_ledger_reader_headless(struct tu_ledger_reader *reader)
{
	reader->headless = true;
	tu_ledger_verify_begin(&reader->verifier, TU_STR(""), reader->trust);
}

static enum tu_status read_header(
	struct tu_ledger_reader *reader, struct tu_str line, struct tu_error *err)
{
	const struct tu_line_reader with = {reader->parser, &reader->again};
	enum tu_status status =
		tu_ledger__line_read(&with, &header_form, line, &reader->header, err);

	if (!status && reader->header.head.n < 0)
		status = tu_fail_at(err, TU_E_SYNTAX,
			&(struct tu_error_place){.pointer = "/records"},
			"expected a number of records");
	if (status) {
		if (err)
			err->line = 1;
		return status == TU_E_NOMEM ? status
					    : tu_error_prefix(err, "not an exported ledger");
	}
	tu_ledger_verify_begin(&reader->verifier,
		tu_str_of(reader->header.instance, TU_INSTANCE_DIGITS), reader->trust);
	return TU_OK;
}

/* What is wrong with a line is the verdict, unless there is no memory to read it. */
static enum tu_status unreadable(
	struct tu_ledger_reader *reader, struct tu_error *why, struct tu_error *err)
{
	if (why->status == TU_E_NOMEM)
		return tu_no_memory(err);
	why->line = reader->lines;
	tu_ledger_verify_unreadable(&reader->verifier, why);
	return TU_OK;
}

static enum tu_status read_line(
	struct tu_ledger_reader *reader, struct tu_str line, bool whole, struct tu_error *err)
{
	const struct tu_line_reader with = {reader->parser, &reader->again};
	struct tu_ledger_record record = {0};
	struct tu_error why = {0};
	bool more;

	if (!whole) {
		(void)tu_fail(&why, TU_E_SYNTAX, line.len, "the file ends in the middle of a line");
		return unreadable(reader, &why, err);
	}
	if (tu_ledger__line_read(&with, &record_form, line, &record, &why))
		return unreadable(reader, &why, err);
	return tu_ledger_verify_add(&reader->verifier, &record, &more, err);
}

enum tu_status tu_ledger_reader_add(
	struct tu_ledger_reader *reader, struct tu_str piece, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	while (!status && piece.len && !reader->verifier.verdict.fault) {
		bool whole = tu_str_find(piece, '\n') < piece.len;
		struct tu_str line;

		(void)tu_str_split(&piece, '\n', &line);
		status = reader->lines++ || reader->headless ? read_line(reader, line, whole, err)
							     : read_header(reader, line, err);
	}
	return status;
}

enum tu_status tu_ledger_reader_end(struct tu_ledger_reader *reader, struct tu_error *err)
{
	if (!reader->lines && !reader->headless)
		return tu_fail(err, TU_E_SYNTAX, 0, "not an exported ledger: nothing is in it");
	tu_ledger_verify_end(&reader->verifier, reader->headless ? NULL : &reader->header.head);
	return TU_OK;
}

struct tu_ledger_head tu_ledger_reader_head(const struct tu_ledger_reader *reader)
{
	struct tu_ledger_head head = {.n = reader->verifier.verdict.records};

	memcpy(head.hash, reader->verifier.hash, sizeof(head.hash));
	return head;
}

const struct tu_ledger_header *tu_ledger_reader_header(const struct tu_ledger_reader *reader)
{
	return &reader->header;
}

const struct tu_ledger_verdict *tu_ledger_reader_verdict(const struct tu_ledger_reader *reader)
{
	return &reader->verifier.verdict;
}
