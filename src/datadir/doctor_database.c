/* Checks of the database. */
#include <stdio.h>

#include "base/json.h"
#include "datadir/doctor.h"
#include "datadir/inside.h"
#include "store/dump.h"

#define DAY ((int64_t)86400 * 1000000)
#define MINUTE ((int64_t)60 * 1000000)
enum { WEEK = 7, LONG_AGO = 366, LINES_MAX = 64 * 1024 };

/* A statement that fails ends the transaction, and with it the checks. */
static bool fine(struct tu_doctor *doctor, const char *check, enum tu_status status,
	const struct tu_error *err)
{
	if (!status)
		return true;
	tu_doctor_add(doctor, check,
		tu_doctor_says(TU_DOCTOR_ERROR,
			"restore the newest backup into another folder, and keep this one for "
			"analysis"),
		"%s", err->message);
	tu_tx_rollback(doctor->tx);
	doctor->tx = NULL;
	return false;
}

void tu_doctor__integrity(struct tu_doctor *doctor)
{
	struct tu_error err = {0};
	struct tu_buf lines;
	struct tu_str text, first;

	tu_buf_init(&lines, LINES_MAX);
	if (fine(doctor, "database", tu_store_integrity(doctor->tx, &lines, &err), &err)) {
		text = tu_buf_str(&lines);
		first = tu_str_first(text, tu_str_find(text, '\n'));
		tu_doctor_add(doctor, "database",
			tu_doctor_says(text.len ? TU_DOCTOR_ERROR : TU_DOCTOR_FINE,
				"restore the newest backup into another folder, and keep this one "
				"for"
				" analysis"),
			"%.*s", TU_STR_FMT(text.len ? first : TU_STR("every row can be read")));
	}
	tu_buf_done(&lines);
}

void tu_doctor__ledger(struct tu_doctor *doctor)
{
	struct tu_error err = {0};
	int64_t records = 0;
	enum tu_status status = tu_chain_check(doctor->tx, &records, &err);

	if (status == TU_E_CORRUPT)
		tu_doctor_add(doctor, "ledger",
			tu_doctor_says(TU_DOCTOR_ERROR,
				"somebody changed the database by another way: compare it with the "
				"newest"
				" backup and with exported checkpoints"),
			"%s", err.message);
	else if (fine(doctor, "ledger", status, &err))
		tu_doctor_add(doctor, "ledger", tu_doctor_says(TU_DOCTOR_FINE, ""),
			"the chain of its %lld records is whole", (long long)records);
}

/* The time of the first record; 0: none. */
static enum tu_status first_record(struct tu_tx *tx, int64_t *out_at, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_query(tx, TU_SQL_LEDGER_FROM, TU_BIND(tu_int(1), tu_int(1)), &rows, err);

	*out_at = 0;
	if (status)
		return status;
	if (tu_rows_next(rows))
		*out_at = tu_rows_int(rows, 1);
	return tu_rows_close(rows, err);
}

void tu_doctor__checkpoints(struct tu_doctor *doctor)
{
	static const char advice[] =
		"export checkpoints and keep them elsewhere: without them a rewritten ledger cannot"
		" be distinguished from the true one";
	struct tu_error err = {0};
	int64_t exported = 0, since;
	enum tu_status status =
		tu_tx_int(doctor->tx, TU_SQL_CHECKPOINT_EXPORTED, TU_NO_BIND, &exported, &err);

	if (!status)
		status = first_record(doctor->tx, &since, &err);
	if (!fine(doctor, "checkpoints", status, &err))
		return;
	if (exported && doctor->now - exported <= WEEK * DAY)
		tu_doctor_add(doctor, "checkpoints", tu_doctor_says(TU_DOCTOR_FINE, ""),
			"the newest left %lld days ago",
			(long long)((doctor->now - exported) / DAY));
	else if (exported)
		tu_doctor_add(doctor, "checkpoints", tu_doctor_says(TU_DOCTOR_WARNING, advice),
			"none was exported for %lld days",
			(long long)((doctor->now - exported) / DAY));
	else if (since && doctor->now - since > WEEK * DAY)
		tu_doctor_add(doctor, "checkpoints", tu_doctor_says(TU_DOCTOR_WARNING, advice),
			"none was ever exported; the ledger is %lld days old",
			(long long)((doctor->now - since) / DAY));
	else
		tu_doctor_add(doctor, "checkpoints", tu_doctor_says(TU_DOCTOR_FINE, ""),
			"none yet; the ledger is younger than %d days", WEEK);
}

void tu_doctor__clock(struct tu_doctor *doctor)
{
	struct tu_error err = {0};
	int64_t newest = 0, away;
	enum tu_status status =
		tu_tx_int(doctor->tx, TU_SQL_LEDGER_NEWEST, TU_NO_BIND, &newest, &err);

	if (status == TU_E_NOTFOUND)
		return;
	if (!fine(doctor, "clock", status, &err))
		return;
	away = doctor->now - newest;
	if (away < -MINUTE)
		tu_doctor_add(doctor, "clock",
			tu_doctor_says(TU_DOCTOR_ERROR,
				"set the clock: deadlines and leases are judged by it; if it is "
				"right now, "
				"it"
				" was ahead when the record was written"),
			"the newest record of the ledger is %lld minutes ahead of the clock",
			(long long)(-away / MINUTE));
	else if (away > LONG_AGO * DAY)
		tu_doctor_add(doctor, "clock",
			tu_doctor_says(TU_DOCTOR_WARNING,
				"if the folder is in use, look whether the clock is right"),
			"the newest record of the ledger is %lld days old",
			(long long)(away / DAY));
	else
		tu_doctor_add(doctor, "clock", tu_doctor_says(TU_DOCTOR_FINE, ""),
			"it is not before the newest record of the ledger");
}

void tu_doctor__intelligence(struct tu_doctor *doctor)
{
	struct tu_error err = {0};
	struct tu_rows *rows;
	int64_t added = 0;
	enum tu_status status =
		tu_tx_row(doctor->tx, TU_SQL_KNOWLEDGE_NEWEST, TU_NO_BIND, &rows, &err);

	if (status == TU_E_NOTFOUND) {
		tu_doctor_add(doctor, "intelligence",
			tu_doctor_says(TU_DOCTOR_WARNING,
				"bring a knowledge base: without one nothing is found"),
			"there is no knowledge base in the database");
		return;
	}
	if (!status) {
		added = tu_rows_int(rows, 1);
		status = tu_rows_close(rows, &err);
	}
	if (fine(doctor, "intelligence", status, &err))
		tu_doctor_add(doctor, "intelligence",
			tu_doctor_says(doctor->now - added > WEEK * DAY ? TU_DOCTOR_WARNING
									: TU_DOCTOR_FINE,
				"bring a new knowledge base: what became known since is not found"),
			"the knowledge base came %lld days ago",
			(long long)((doctor->now - added) / DAY));
}

void tu_doctor__dangling(struct tu_doctor *doctor)
{
	static const struct {
		enum tu_sql sql;
		const char *what;
	} rows[] = {
		{TU_SQL_DANGLING_DECISIONS, "decisions on what no release contains"},
		{TU_SQL_DANGLING_SIGNATURES, "signatures of nobody"},
		{TU_SQL_DANGLING_CHANGES, "changes without a record"},
		{TU_SQL_DANGLING_KNOWLEDGE, "knowledge bases with parts missing"},
	};
	struct tu_error err = {0};
	size_t found = 0;

	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		int64_t count = 0;

		if (!fine(doctor, "references",
			    tu_tx_int(doctor->tx, rows[i].sql, TU_NO_BIND, &count, &err), &err))
			return;
		if (!count)
			continue;
		found++;
		tu_doctor_add(doctor, "references",
			tu_doctor_says(TU_DOCTOR_WARNING,
				"report it with the text of this line: the program should not "
				"leave such "
				"rows"),
			"%lld %s", (long long)count, rows[i].what);
	}
	if (!found)
		tu_doctor_add(doctor, "references", tu_doctor_says(TU_DOCTOR_FINE, ""),
			"no row refers to what is not there");
}

/* Rows (state, count): those in quarantine. */
static enum tu_status count_quarantined(
	struct tu_tx *tx, enum tu_sql sql, int64_t *out_count, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(tx, sql, TU_NO_BIND, &rows, err);

	*out_count = 0;
	if (status)
		return status;
	while (tu_rows_next(rows))
		if (tu_str_eq(tu_rows_text(rows, 0), TU_STR("quarantined")))
			*out_count = tu_rows_int(rows, 1);
	return tu_rows_close(rows, err);
}

void tu_doctor__quarantine(struct tu_doctor *doctor)
{
	struct tu_error err = {0};
	int64_t jobs = 0, messages = 0;
	enum tu_status status = count_quarantined(doctor->tx, TU_SQL_JOB_COUNTS, &jobs, &err);

	if (!status)
		status = count_quarantined(doctor->tx, TU_SQL_OUTBOX_COUNTS, &messages, &err);
	if (fine(doctor, "jobs", status, &err))
		tu_doctor_add(doctor, "jobs",
			tu_doctor_says(jobs || messages ? TU_DOCTOR_WARNING : TU_DOCTOR_FINE,
				"look at why they failed, then release or cancel them"),
			"%lld jobs and %lld messages are in quarantine", (long long)jobs,
			(long long)messages);
}

/* Is there a form for reports from outside? portfolio/inbox.h has the rule. */
static enum tu_status read_form(
	struct tu_tx *tx, bool *out_wanted, bool *out_contact, struct tu_error *err)
{
	const struct tu_json_limits limits = {.bytes = 1 << 20, .depth = 8, .unique_keys = true};
	struct tu_json_parser *parser;
	struct tu_json root;
	struct tu_rows *rows;
	enum tu_status closed,
		status = tu_tx_row(
			tx, TU_SQL_SETTING_GET, TU_BIND(tu_text(TU_STR("reports"))), &rows, err);

	*out_wanted = true;
	*out_contact = false;
	if (status)
		return status == TU_E_NOTFOUND ? TU_OK : status;
	parser = tu_json_parser_new();
	status = parser ? tu_json_parse(parser, tu_rows_text(rows, 0), &limits, &root, err)
			: tu_no_memory(err);
	if (!status) {
		*out_wanted = !tu_json_true(tu_json_get(root, TU_STR("form_off")));
		*out_contact = TU_JSON_STR(root, "contact").len > 0;
	}
	tu_json_parser_free(parser);
	closed = tu_rows_close(rows, status ? NULL : err);
	return status ? status : closed;
}

void tu_doctor__reports(struct tu_doctor *doctor)
{
	struct tu_error err = {0};
	bool wanted, contact;

	if (fine(doctor, "reports", read_form(doctor->tx, &wanted, &contact, &err), &err))
		tu_doctor_add(doctor, "reports",
			tu_doctor_says(TU_DOCTOR_FINE,
				"set a contact for reports (PUT /v1/settings/reports, "
				"\"contact\")"),
			"%s",
			!wanted ? "the form for reports from outside is switched off"
				: contact
				? "the form for reports from outside is open at /report"
				: "the form for reports from outside is closed: no contact for "
				  "reports is set");
}

void tu_doctor__secrets(struct tu_doctor *doctor)
{
	struct tu_error err = {0};
	struct tu_secret_key key;
	int64_t count = 0;
	enum tu_status status, read;

	if (doctor->dir->lock < 0)
		return;
	read = tu_datadir_secret_key(doctor->dir, &key, &err);
	status = tu_tx_int(doctor->tx, TU_SQL_SECRET_OTHER_KEYS,
		TU_BIND(tu_text(tu_str_c(read ? "" : key.id))), &count, read ? NULL : &err);
	tu_secret_key_wipe(&key);
	if (!fine(doctor, "secrets", status, &err))
		return;
	if (read)
		tu_doctor_add(doctor, "secrets",
			tu_doctor_says(count ? TU_DOCTOR_ERROR : TU_DOCTOR_WARNING,
				"put keys/secret.key back from where you keep it"),
			"%s", err.message);
	else
		tu_doctor_add(doctor, "secrets",
			tu_doctor_says(count ? TU_DOCTOR_ERROR : TU_DOCTOR_FINE,
				"put the right keys/secret.key back from where you keep it"),
			"%lld are sealed with another key", (long long)count);
}

void tu_doctor__backups(struct tu_doctor *doctor)
{
	static const char advice[] = "make one now (\"tutela backup\"), every day, and keep it"
				     " elsewhere";
	struct tu_error err = {0};
	struct tu_rows *rows;
	uint64_t at = 0;
	enum tu_status status = tu_tx_row(doctor->tx, TU_SQL_SETTING_GET,
		TU_BIND(tu_text(TU_STR("backup.last"))), &rows, &err);

	if (status == TU_E_NOTFOUND) {
		tu_doctor_add(doctor, "backups", tu_doctor_says(TU_DOCTOR_WARNING, advice),
			"none was ever made");
		return;
	}
	if (!status) {
		(void)tu_str_to_u64(tu_rows_text(rows, 0), INT64_MAX, &at);
		status = tu_rows_close(rows, &err);
	}
	if (fine(doctor, "backups", status, &err))
		tu_doctor_add(doctor, "backups",
			tu_doctor_says(doctor->now - (int64_t)at > WEEK * DAY ? TU_DOCTOR_WARNING
									      : TU_DOCTOR_FINE,
				advice),
			"the newest was made %lld days ago",
			(long long)((doctor->now - (int64_t)at) / DAY));
}
