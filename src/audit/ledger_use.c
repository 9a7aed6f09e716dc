#define _XOPEN_SOURCE 700
#include "audit/ledger_use.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/input.h"
#include "base/vec.h"

enum { CHECKPOINT_FILE_MAX = 1 << 30, MAGIC = 16 };

/* ---- what the caller trusts ---- */

struct trusted {
	struct tu_checkpoints checkpoints;
	TU_VEC(struct tu_verifying_key) keys;
};

static void forget(struct trusted *t)
{
	tu_checkpoints_done(&t->checkpoints);
	TU_VEC_DONE(&t->keys);
}

static enum tu_status read_checkpoints(struct trusted *t, const char *path, struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, CHECKPOINT_FILE_MAX);
	status = tu_input_read(path, &text, err);
	if (!status) {
		status = tu_checkpoints_read(&t->checkpoints, tu_buf_str(&text), err);
		if (status)
			(void)tu_error_in_file(err, "%s", path);
	}
	tu_buf_done(&text);
	return status;
}

static enum tu_status read_key(struct trusted *t, const char *path, struct tu_error *err)
{
	struct tu_verifying_key key;
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, TU_KEY_TEXT_MAX);
	status = tu_input_read(path, &text, err);
	if (!status) {
		status = tu_key_read_verifying(tu_buf_str(&text), &key, err);
		if (status)
			(void)tu_error_in_file(err, "%s", path);
	}
	tu_buf_done(&text);
	if (!status && !TU_VEC_PUSH(&t->keys, key))
		status = tu_no_memory(err);
	return status;
}

static enum tu_status read_trusted(
	struct trusted *t, const struct tu_ledger_use *use, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < use->checkpoint_count; i++)
		status = read_checkpoints(t, use->checkpoints[i], err);
	for (size_t i = 0; !status && i < use->key_count; i++)
		status = read_key(t, use->keys[i], err);
	return status;
}

/* ---- where the ledger is ---- */

static bool is_sqlite(const char *path)
{
	char magic[MAGIC] = "";
	FILE *file = fopen(path, "rb");
	size_t len = file ? fread(magic, 1, sizeof(magic), file) : 0;

	if (file)
		(void)fclose(file);
	return len == sizeof(magic) && memcmp(magic, "SQLite format 3", MAGIC) == 0;
}

/* The database that `place` names, in `out`; empty: it is no database but a file. */
static enum tu_status find_database(const char *place, char out[PATH_MAX], struct tu_error *err)
{
	struct stat info;
	int len = 0;

	*out = '\0';
	if (tu_store_engine_of(tu_str_c(place)) == TU_STORE_POSTGRES)
		len = snprintf(out, PATH_MAX, "%s", place);
	else if (strcmp(place, "-") == 0 || stat(place, &info) != 0)
		return TU_OK;
	else if (S_ISDIR(info.st_mode))
		len = snprintf(out, PATH_MAX, "%s/" TU_DATA_FILE, place);
	else if (S_ISREG(info.st_mode) && is_sqlite(place))
		len = snprintf(out, PATH_MAX, "%s", place);
	if (len >= PATH_MAX)
		return tu_fail(err, TU_E_IO, 0, "%.80s...: too long a name", place);
	return TU_OK;
}

static enum tu_status open_database(
	const char *path, struct tu_store **out_store, struct tu_error *err)
{
	const struct tu_store_options options = {
		.place = path, .read_only = true, .connections = 1};
	struct stat info;

	if (tu_store_engine_of(tu_str_c(path)) == TU_STORE_SQLITE && stat(path, &info) != 0)
		return tu_fail(
			err, TU_E_NOTFOUND, 0, "%s: no such file: this is no data folder", path);
	return tu_store_open(&options, out_store, err);
}

/* ---- an exported file ---- */

struct reading {
	struct tu_ledger_reader *reader;
	size_t documents;
	struct tu_error problem; /* the first */
};

static enum tu_status take_piece(
	void *context, const struct tu_input_piece *piece, struct tu_error *err)
{
	struct reading *r = context;

	if (piece->first && r->documents++)
		return tu_fail(
			err, TU_E_UNSUPPORTED, 0, "expected one exported ledger, not several");
	return tu_ledger_reader_add(r->reader, piece->text, err);
}

static enum tu_status take_text(
	void *context, struct tu_str name, struct tu_str text, struct tu_error *err)
{
	const struct tu_input_piece whole = {
		.name = name, .text = text, .first = true, .last = true};

	return take_piece(context, &whole, err);
}

static void note_problem(void *context, struct tu_str name, const struct tu_error *problem)
{
	struct reading *r = context;

	(void)name;
	if (!r->problem.status)
		r->problem = *problem;
}

static bool in_lines(struct tu_str beginning)
{
	return tu_str_starts(beginning, TU_STR("{\"format\":\"tutela ledger"));
}

static enum tu_status verify_file(const char *path, const struct tu_ledger_trust *trust,
	struct tu_ledger_verdict *out_verdict, struct tu_error *err)
{
	struct reading r = {.reader = tu_ledger_reader_new(trust)};
	const struct tu_input_walk walk = {.visit = take_text,
		.problem = note_problem,
		.context = &r,
		.in_lines = in_lines,
		.piece = take_piece};
	enum tu_status status = r.reader ? tu_input_each(path, &walk, err) : tu_no_memory(err);

	if (!status && r.problem.status) {
		status = r.problem.status;
		*err = r.problem;
	}
	if (!status)
		status = tu_ledger_reader_end(r.reader, err);
	if (!status)
		*out_verdict = *tu_ledger_reader_verdict(r.reader);
	else if (r.reader && err && !err->file[0])
		(void)tu_error_in_file(err, "%s", path);
	tu_ledger_reader_free(r.reader);
	return status;
}

/* ---- the use cases ---- */

static enum tu_status verify_place(const char *place, const struct tu_ledger_trust *trust,
	struct tu_ledger_verdict *out_verdict, struct tu_error *err)
{
	char database[PATH_MAX];
	struct tu_store *store;
	enum tu_status status = find_database(place, database, err);

	if (!status && !*database)
		return verify_file(place, trust, out_verdict, err);
	if (!status)
		status = open_database(database, &store, err);
	if (status)
		return status;
	status = tu_audit_verify(store, trust, out_verdict, err);
	tu_store_close(store);
	return status;
}

enum tu_status tu_ledger_use_verify(const struct tu_ledger_use *use,
	struct tu_ledger_verdict *out_verdict, struct tu_error *err)
{
	struct trusted t = {0};
	enum tu_status status = read_trusted(&t, use, err);
	const struct tu_ledger_trust trust = {&t.checkpoints, t.keys.at, t.keys.count};

	if (!status)
		status = verify_place(use->place, &trust, out_verdict, err);
	forget(&t);
	return status;
}

enum tu_status tu_ledger_use_export(
	const char *place, struct tu_sink *out, int64_t *out_records, struct tu_error *err)
{
	char database[PATH_MAX];
	struct tu_store *store;
	enum tu_status status = find_database(place, database, err);

	if (!status && !*database)
		status = tu_fail(err, TU_E_UNSUPPORTED, 0,
			"%s: expected a data folder, a SQLite file or postgresql://…", place);
	if (!status)
		status = open_database(database, &store, err);
	if (status)
		return status;
	status = tu_audit_export(store, out, out_records, err);
	tu_store_close(store);
	return status;
}
