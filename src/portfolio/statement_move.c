/* Statements on their way: approved, scheduled, published, withdrawn. */
#include <stdio.h>

#include "portfolio/statement_inside.h"

/* ---- what it would say now ---- */

/* Written again as the draft was; `device` and `about` are filled. */
static enum tu_status write_again(struct tu_work *w, struct tu_statement_writing *of,
	const struct tu_statement_seen *row, struct tu_error *err)
{
	enum tu_status status = tu_statement__replaces(w, of, row->previous_id, err);

	return status ? status : tu_statement__write(w, of, err);
}

static enum tu_status check_valid(
	struct tu_work *w, const struct tu_statement_writing *of, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (int format = 0; format < TU_ISSUE_FORMATS && status == TU_OK; format++)
		if (of->about->formats & (1u << format))
			status = tu_statement__check(
				w, (enum tu_issue_format)format, of->texts[format], err);
	return status;
}

/* It is in this state, and would be written the same now: to the byte, or (`basis`) but for what
 * the knowledge base says. `leaves`: when others will have it (us); 0: that is not asked. */
struct wanted {
	const char *state;
	bool basis;
	int64_t leaves;
};

static enum tu_status check(struct tu_work *w, struct tu_statement_writer *writer,
	const struct tu_statement_seen *row, const struct wanted *wanted, struct tu_error *err)
{
	struct tu_device_row device;
	struct tu_statement_about about;
	struct tu_statement_writing of = {
		.writer = writer, .about = &about, .created = row->revised / 1000000};
	uint8_t digest[TU_SHA256_BYTES];
	enum tu_status status;

	if (!tu_str_eq(row->state, tu_str_c(wanted->state)))
		return tu_fail(err, TU_E_USAGE, 0, "revision %lld is %.*s, not %s",
			(long long)row->revision, TU_STR_FMT(row->state), wanted->state);
	status = tu_statement__about(w, row, &device, &about, err);
	if (status == TU_OK)
		status = write_again(w, &of, row, err);
	if (status == TU_OK)
		status = tu_statement__digest(&of, wanted->basis, digest, err);
	if (status == TU_OK)
		status = check_valid(w, &of, err);
	if (status == TU_OK &&
		memcmp(digest, wanted->basis ? row->basis : row->digest, sizeof(digest)) != 0)
		return tu_fail(err, TU_E_CONFLICT, 0,
			"what was decided says something else by now: draft it again");
	if (status == TU_OK && wanted->leaves)
		status = tu_statement__embargoed(w, &of, wanted->leaves, err);
	return status;
}

enum tu_status tu_statement_holds(struct tu_work *w, struct tu_statement_writer *writer,
	const struct tu_statement_seen *row, bool *out_holds, struct tu_error *err)
{
	char state[32];
	const struct wanted wanted = {.state = state, .basis = true};
	enum tu_status status;

	(void)snprintf(state, sizeof(state), "%.*s", TU_STR_FMT(row->state));
	status = check(w, writer, row, &wanted, err);
	*out_holds = status == TU_OK;
	return status == TU_E_CONFLICT || status == TU_E_USAGE ? TU_OK : status;
}

/* ---- moving ---- */

static enum tu_status hold(
	struct tu_work *w, const struct tu_statement_seen *row, struct tu_error *err)
{
	return tu_work_update(w, TU_SQL_STATEMENT_CHANGE,
		TU_BIND(tu_int(row->id), tu_int(row->version), tu_int(row->revision)), "statement",
		err);
}

static enum tu_status move(struct tu_work *w, const struct tu_statement_seen *row,
	int64_t revision_id, const char *to, struct tu_error *err)
{
	struct tu_value at = tu_int(w->act->at), none = tu_null();
	bool withdrawn = strcmp(to, "withdrawn") == 0;
	bool approved = strcmp(to, "approved") == 0 && tu_str_eq(row->state, TU_STR("draft"));

	enum tu_status status = tu_work_exec(w, TU_SQL_STATEMENT_REVISION_MOVE,
		TU_BIND(tu_int(revision_id), tu_text(tu_str_c(to)), approved ? at : none,
			strcmp(to, "published") == 0 ? at : none, withdrawn ? at : none,
			withdrawn ? tu_text(w->act->reason) : none),
		err);

	if (status == TU_OK && !tu_statement__record(w, row, "statement.move", to))
		status = tu_no_memory(err);
	return status;
}

/* ---- approving ---- */

static enum tu_status sign(struct tu_work *w, const struct tu_statement_seen *row,
	struct tu_statement_approval *approval, struct tu_error *err)
{
	char subject[TU_SIGN_SUBJECT_MAX];
	struct tu_signature_request request = {.person = w->act->actor,
		.proof = approval->proof,
		.meaning = TU_MEANING_APPROVAL,
		.subject = tu_statement__subject(row, subject),
		.author = row->author,
		.at = w->act->at,
		.zone = approval->zone};
	struct tu_signature signature;
	struct tu_record entry;
	int64_t persons = 0;
	enum tu_status status;

	memcpy(request.content, row->digest, sizeof(request.content));
	status = tu_signature_add(w->tx, &request, &signature, err);
	if (status == TU_OK) {
		tu_record_begin(&entry, "signature.add", "signature:%s", signature.public);
		tu_signature_write_record(&signature, &entry.json);
		status = tu_record_add(&entry, w, err);
	}
	if (status == TU_OK)
		status = tu_signature_count(w->tx, &request, &persons, err);
	approval->approvals = (uint32_t)persons;
	return status;
}

enum tu_status tu_statement_approve(struct tu_work *w, struct tu_statement_writer *writer,
	const struct tu_statement_seen *row, struct tu_statement_approval *approval,
	struct tu_error *err)
{
	enum tu_status status;

	approval->approved = false;
	if (memcmp(approval->digest, row->digest, sizeof(row->digest)) != 0)
		return tu_fail(err, TU_E_CONFLICT, 0, "statement: changed since you read it");
	status = check(w, writer, row, &(const struct wanted){"draft", false, 0}, err);
	approval->needed = writer->approvals;
	if (status == TU_OK)
		status = hold(w, row, err);
	if (status == TU_OK)
		status = sign(w, row, approval, err);
	if (status != TU_OK || approval->approvals < approval->needed)
		return status;
	approval->approved = true;
	return move(w, row, row->revision_id, "approved", err);
}

/* ---- publishing ---- */

/* In place of what was published before. */
static enum tu_status publish(struct tu_work *w, const struct tu_statement_writer *writer,
	const struct tu_statement_seen *row, struct tu_error *err)
{
	enum tu_status status = hold(w, row, err);

	if (status == TU_OK)
		status = tu_statement__release(w, writer, row, err);
	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_STATEMENT_REVISION_REPLACE,
			TU_BIND(tu_int(row->id), tu_int(row->revision), tu_int(1)), err);
	return status ? status : move(w, row, row->revision_id, "published", err);
}

enum tu_status tu_statement_publish(struct tu_work *w, struct tu_statement_writer *writer,
	const struct tu_statement_seen *row, int64_t *out_due, struct tu_error *err)
{
	bool runs = row->embargo > w->act->at;
	const struct wanted wanted = {"approved", false, runs ? row->embargo : w->act->at};
	enum tu_status status = check(w, writer, row, &wanted, err);

	*out_due = runs ? row->embargo : 0;
	if (status != TU_OK || !runs)
		return status ? status : publish(w, writer, row, err);
	status = hold(w, row, err);
	return status ? status : move(w, row, row->revision_id, "scheduled", err);
}

enum tu_status tu_statement_embargo(struct tu_work *w, const struct tu_statement_seen *row,
	int64_t until, int64_t *out_due, struct tu_error *err)
{
	struct tu_record record;
	enum tu_status status;

	*out_due = 0;
	if (until && until <= w->act->at)
		return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = "/until"},
			"this time is over: lift the embargo (null) to publish at once");
	if (!w->act->reason.len)
		return tu_fail(err, TU_E_USAGE, 0, "an embargo is moved for a reason");
	status = tu_work_update(w, TU_SQL_STATEMENT_EMBARGO,
		TU_BIND(tu_int(row->id), tu_int(row->version), until ? tu_int(until) : tu_null()),
		"statement", err);
	if (status != TU_OK)
		return status;
	if (tu_str_eq(row->state, TU_STR("scheduled")))
		*out_due = until ? until : w->act->at;
	tu_record_begin(&record, "statement.embargo", "statement:%.*s", TU_STR_FMT(row->public_id));
	record.change = (struct tu_change){"statement", row->id};
	tu_json_member_str(&record.json, "device", row->device);
	tu_json_member_int(&record.json, "before", row->embargo);
	tu_json_member_int(&record.json, "after", until);
	return tu_record_add(&record, w, err);
}

/* It is not published as it is: back to those who decide, with the words. */
static enum tu_status give_back(struct tu_work *w, const struct tu_statement_seen *row,
	const struct tu_error *why, struct tu_statement_due *out, struct tu_error *err)
{
	enum tu_status status = hold(w, row, err);

	if (status == TU_OK && !tu_arena_dup(w->arena, tu_str_c(why->message), &out->why))
		status = tu_no_memory(err);
	return status ? status : move(w, row, row->revision_id, "approved", err);
}

enum tu_status tu_statement_release_due(struct tu_work *w, struct tu_statement_writer *writer,
	const struct tu_statement_seen *row, struct tu_statement_due *out, struct tu_error *err)
{
	const struct wanted wanted = {"scheduled", true, w->act->at};
	struct tu_error why = {0};
	enum tu_status status;

	*out = (struct tu_statement_due){0};
	if (!tu_str_eq(row->state, TU_STR("scheduled")) || row->embargo > w->act->at)
		return TU_OK;
	status = check(w, writer, row, &wanted, &why);
	if (status == TU_E_CONFLICT || status == TU_E_USAGE)
		return give_back(w, row, &why, out, err);
	if (status != TU_OK) {
		if (err)
			*err = why;
		return status;
	}
	status = publish(w, writer, row, err);
	out->published = status == TU_OK;
	return status;
}

enum tu_status tu_statement_withdraw(
	struct tu_work *w, const struct tu_statement_seen *row, struct tu_error *err)
{
	int64_t published = 0;
	enum tu_status status = TU_OK;

	if (!w->act->reason.len)
		return tu_fail(err, TU_E_USAGE, 0, "a statement is withdrawn for a reason");
	status = tu_tx_int(
		w->tx, TU_SQL_STATEMENT_PUBLISHED, TU_BIND(tu_int(row->id)), &published, err);
	if (status == TU_E_NOTFOUND)
		return tu_fail(err, TU_E_USAGE, 0, "no revision of it is published");
	if (status == TU_OK)
		status = hold(w, row, err);
	return status ? status : move(w, row, published, "withdrawn", err);
}
