/* Signals: reports that may be a vulnerability. What came is saved, never shown. */
#include "api/cases.h"
#include "api/inside.h"
#include "api/signals.h"
#include "audit/personal.h"
#include "portfolio/inbox.h"
#include "portfolio/scope.h"
#include "portfolio/signal.h"

struct signal_row {
	struct tu_str id, source, kind, title, state, severity, device, case_id, vulnerability,
		duplicate_of, reporter, credit, reason, acknowledgement;
	int64_t received, learned, acknowledge_by, acknowledged, embargo, bytes, documents, version;
};

static const struct tu_api_column columns[] = {
	TU_API_COLUMN(struct signal_row, id, TU_API_TEXT, 0),
	TU_API_COLUMN(struct signal_row, source, TU_API_TEXT, TU_API_WORDS_OF_OTHERS),
	TU_API_COLUMN(struct signal_row, kind, TU_API_WORD, 0),
	TU_API_COLUMN(struct signal_row, title, TU_API_TEXT, TU_API_WORDS_OF_OTHERS),
	TU_API_COLUMN(struct signal_row, state, TU_API_WORD, 0),
	TU_API_COLUMN(struct signal_row, severity, TU_API_WORD, TU_API_OPT),
	TU_API_COLUMN(struct signal_row, device, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN_AS("case", struct signal_row, case_id, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct signal_row, vulnerability, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct signal_row, duplicate_of, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(
		struct signal_row, reporter, TU_API_TEXT, TU_API_OPT | TU_API_WORDS_OF_OTHERS),
	TU_API_COLUMN(struct signal_row, credit, TU_API_TEXT, TU_API_OPT | TU_API_WORDS_OF_OTHERS),
	TU_API_COLUMN(struct signal_row, reason, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct signal_row, received, TU_API_TIME, 0),
	TU_API_COLUMN(struct signal_row, learned, TU_API_TIME, 0),
	TU_API_COLUMN(struct signal_row, acknowledge_by, TU_API_TIME, 0),
	TU_API_COLUMN(struct signal_row, acknowledgement, TU_API_WORD, 0),
	TU_API_COLUMN(struct signal_row, acknowledged, TU_API_TIME, TU_API_OPT),
	TU_API_COLUMN(struct signal_row, embargo, TU_API_TIME, TU_API_OPT),
	TU_API_COLUMN(struct signal_row, bytes, TU_API_INT, 0),
	TU_API_COLUMN(struct signal_row, documents, TU_API_INT, 0),
	TU_API_COLUMN(struct signal_row, version, TU_API_INT, 0),
};
const struct tu_api_table tu_api_table_signal = TU_API_TABLE("Signal", struct signal_row, columns);

static bool take_row(
	struct tu_api_call *call, const struct tu_signal_seen *seen, struct signal_row *out)
{
	struct tu_arena *arena = call->arena;

	*out = (struct signal_row){.received = seen->received,
		.acknowledged = seen->acknowledged,
		.learned = seen->learned,
		.acknowledge_by = seen->acknowledge_by,
		.acknowledgement = tu_str_c(
			tu_deadline_state_name(tu_signal_acknowledgement(seen, call->now))),
		.embargo = seen->embargo,
		.bytes = seen->bytes,
		.documents = seen->documents,
		.version = seen->version};
	return tu_arena_dup(arena, seen->public_id, &out->id) &&
		tu_arena_dup(arena, seen->source, &out->source) &&
		tu_arena_dup(arena, seen->title, &out->title) &&
		tu_arena_dup(arena, seen->state, &out->state) &&
		tu_arena_dup(arena, seen->device, &out->device) &&
		tu_arena_dup(arena, seen->case_public, &out->case_id) &&
		tu_arena_dup(arena, seen->vuln, &out->vulnerability) &&
		tu_arena_dup(arena, seen->kind, &out->kind) &&
		tu_arena_dup(arena, seen->severity, &out->severity) &&
		tu_arena_dup(arena, seen->credit, &out->credit) &&
		tu_arena_dup(arena, seen->duplicate_of, &out->duplicate_of) &&
		tu_arena_dup(arena, seen->reporter, &out->reporter) &&
		tu_arena_dup(arena, seen->reason, &out->reason);
}

/* ---- the list ---- */

struct listing {
	struct tu_api_call *call;
	struct tu_page_ask ask;
	struct tu_page_total total;
	struct signal_row *rows;
	size_t count;
};

static enum tu_status read_page(struct tu_work *w, void *self, struct tu_error *err)
{
	struct listing *l = self;
	struct tu_signals_seen seen;
	bool kept = true;
	enum tu_status status = tu_signal_page(w, &l->ask, &seen, &l->total, err);

	if (status != TU_OK)
		return status;
	l->count = seen.list.count;
	l->rows = tu_arena_array(l->call->arena, l->count, sizeof(*l->rows));
	for (size_t i = 0; l->rows && kept && i < l->count; i++)
		kept = take_row(l->call, &seen.list.at[i], &l->rows[i]);
	return l->rows && kept ? TU_OK : tu_no_memory(err);
}

static struct tu_api_place place_of(const void *row)
{
	const struct signal_row *signal = row;

	return (struct tu_api_place){signal->received, signal->id};
}

static enum tu_status fetch(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	struct listing *l = self;
	enum tu_status status = tu_api_page_ask(call, page, &l->ask, err);

	if (status == TU_OK)
		status = tu_api_read(call, read_page, l, err);
	if (status != TU_OK)
		return status;
	tu_api_page_total(page, &l->total);
	return tu_api_page_put(call, page, &(struct tu_api_rows){l->rows, l->count}, place_of, err);
}

enum tu_status tu_api_list_signals(struct tu_api_call *call, struct tu_error *err)
{
	struct listing l = {.call = call, .ask = {.state = tu_api_query(call, "state")}};

	return tu_api_answer_page(call, fetch, &l, err);
}

/* ---- one ---- */

struct one {
	struct tu_api_call *call;
	struct tu_str id;
	struct tu_signal_row row;
	struct signal_row seen;
	enum tu_signal_state to;
	struct tu_buf bytes;
	struct tu_str name;
};

enum tu_status tu_api_signal_find(struct tu_work *w, const struct tu_api_call *call,
	struct tu_signal_row *out, struct tu_error *err)
{
	enum tu_status status = tu_signal_find_in(w, call->path[0], &call->who.scope, out, err);

	return status == TU_E_NOTFOUND ? tu_api_unknown(err, "signal") : status;
}

static enum tu_status find(struct tu_work *w, struct one *one, struct tu_error *err)
{
	enum tu_status status =
		tu_signal_find_in(w, one->id, &one->call->who.scope, &one->row, err);

	return status == TU_E_NOTFOUND ? tu_api_unknown(err, "signal") : status;
}

static enum tu_status read_row(struct tu_work *w, void *self, struct tu_error *err)
{
	struct one *one = self;
	struct tu_signals_seen seen = {0};
	enum tu_status status = find(w, one, err);

	if (status == TU_OK)
		status = tu_signal_look(w, &one->call->who.scope, one->row.id, &seen, err);
	if (status == TU_OK && seen.list.count != 1)
		return tu_api_unknown(err, "signal");
	if (status == TU_OK && !take_row(one->call, &seen.list.at[0], &one->seen))
		return tu_no_memory(err);
	return status;
}

static void write_row(const struct one *one, struct tu_json_writer *json)
{
	tu_api_row_json(
		&tu_api_table_signal, UINT64_MAX >> (64 - TU_COUNT(columns)), &one->seen, json);
}

static void write_entries(struct tu_json_writer *json, const struct tu_signal_entries *entries)
{
	char text[TU_API_TIME_TEXT];

	tu_json_key(json, "log");
	tu_json_open_array(json);
	for (size_t i = 0; i < entries->list.count; i++) {
		const struct tu_signal_entry *entry = &entries->list.at[i];

		tu_json_open_object(json);
		tu_json_member_str(json, "id", entry->public_id);
		tu_json_member_str(json, "kind", entry->kind);
		tu_json_member_str(json, "text", entry->text);
		tu_json_key(json, "author");
		if (entry->author.len)
			tu_json_add_str(json, entry->author);
		else
			tu_json_add_null(json);
		tu_json_member_str(json, "at", tu_api_time_text(entry->at, text));
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}

static enum tu_status write_detail(struct tu_work *w, void *self, struct tu_error *err)
{
	struct one *one = self;
	struct tu_signal_documents documents = {0};
	struct tu_signal_entries entries = {0};
	struct tu_json_writer *json;
	char text[TU_API_TIME_TEXT];
	enum tu_status status = read_row(w, one, err);

	if (status == TU_OK)
		status = tu_signal_documents(w, &one->row, &documents, err);
	if (status == TU_OK)
		status = tu_signal_entries(w, &one->row, &entries, err);
	if (status != TU_OK)
		return status;
	tu_api__answer_begin(one->call); /* it may be run again */
	json = tu_api_json(one->call);
	tu_json_open_object(json);
	tu_json_key(json, "signal");
	write_row(one, json);
	tu_json_key(json, "documents");
	tu_json_open_array(json);
	for (size_t i = 0; i < documents.list.count; i++) {
		const struct tu_signal_document *document = &documents.list.at[i];

		tu_json_open_object(json);
		tu_json_member_str(json, "id", document->public_id);
		tu_json_member_str(json, "name", document->name);
		tu_json_member_int(json, "bytes", document->bytes);
		tu_record_digest(json, "digest", document->digest);
		tu_json_member_str(json, "at", tu_api_time_text(document->at, text));
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
	write_entries(json, &entries);
	tu_json_close_object(json);
	return TU_OK;
}

enum tu_status tu_api_get_signal(struct tu_api_call *call, struct tu_error *err)
{
	struct one one = {.call = call, .id = call->path[0]};
	enum tu_status status = tu_api_read(call, write_detail, &one, err);

	if (status == TU_OK)
		tu_api_etag_answer(call, one.row.version);
	return status;
}

static enum tu_status answer(struct one *one, struct tu_error *err)
{
	enum tu_status status = tu_api_read(one->call, read_row, one, err);

	if (status != TU_OK)
		return status;
	write_row(one, tu_api_json(one->call));
	tu_api_etag_version(one->call, one->row.version);
	return TU_OK;
}

enum tu_status tu_api_signal_answer(
	struct tu_api_call *call, struct tu_str id, struct tu_error *err)
{
	struct one one = {.call = call, .id = id};

	return answer(&one, err);
}

/* ---- receiving ---- */

/* A device in the scope; none is fine for who sees everything. */
enum tu_status tu_api_signal_device(
	struct tu_work *w, const struct tu_api_call *call, int64_t *out_id, struct tu_error *err)
{
	struct tu_str name = tu_api_body_str(call, "device");
	const struct tu_error_place place = {.pointer = "/device"};
	struct tu_device_row device = {0};
	enum tu_status status = TU_OK;

	*out_id = 0;
	if (!name.len && !call->who.scope.everything)
		return tu_fail_at(err, TU_E_USAGE, &place, "name the device that it is about");
	if (name.len)
		status = tu_device_find(w, name, &device, err);
	if (status == TU_E_NOTFOUND ||
		(name.len && !status && !tu_scope_has(&call->who.scope, device.id)))
		return tu_fail_at(err, TU_E_USAGE, &place, "there is no such device");
	*out_id = device.id;
	return status;
}

static enum tu_status keep_name(struct tu_work *w, const char *kind, struct tu_str value,
	int64_t *out_id, struct tu_error *err)
{
	struct tu_personal personal = {0};
	const struct tu_personal_new new = {.kind = tu_str_c(kind), .value = value};
	enum tu_status status = value.len ? tu_personal_add(w->tx, &new, &personal, err) : TU_OK;

	*out_id = personal.id;
	return status;
}

static enum tu_status receive(struct tu_work *w, void *self, struct tu_error *err)
{
	struct one *one = self;
	const struct tu_api_call *call = one->call;
	struct tu_str learned = tu_api_body_str(call, "learned");
	struct tu_str embargo = tu_api_body_str(call, "embargo");
	struct tu_signal signal = {.source = tu_api_body_str(call, "source"),
		.kind = tu_api_body_str(call, "kind"),
		.title = tu_api_body_str(call, "title"),
		.text = tu_api_body_str(call, "text"),
		.learned = learned.len ? tu_api_time_of(learned) : 0,
		.embargo = embargo.len ? tu_api_time_of(embargo) : 0};
	struct tu_inbox_settings settings = {0};
	enum tu_status status = tu_api_signal_device(w, call, &signal.device_id, err);

	if (status == TU_OK)
		status = keep_name(
			w, "reporter", tu_api_body_str(call, "reporter"), &signal.reporter_id, err);
	if (status == TU_OK)
		status = keep_name(
			w, "credit", tu_api_body_str(call, "credit"), &signal.credit_id, err);
	if (status == TU_OK)
		status = tu_inbox_settings_read(w, &settings, err);
	signal.acknowledge_days = settings.acknowledge_days;
	if (status == TU_OK)
		status = tu_signal_receive(w, &signal, &one->row, err);
	if (status == TU_OK && !tu_arena_dup(call->arena, one->row.public_id, &one->id))
		return tu_no_memory(err);
	return status;
}

enum tu_status tu_api_receive_signal(struct tu_api_call *call, struct tu_error *err)
{
	struct one one = {.call = call};
	enum tu_status status = tu_api_write(call, receive, &one, err);

	if (status == TU_OK)
		status = answer(&one, err);
	if (status == TU_OK)
		tu_api_created(call, "/v1/signals/%.*s", TU_STR_FMT(one.id));
	return status;
}

/* ---- documents ---- */

static enum tu_status attach(struct tu_work *w, void *self, struct tu_error *err)
{
	struct one *one = self;
	enum tu_status status = find(w, one, err);

	return status ? status
		      : tu_signal_attach(w, &one->row, tu_api_query(one->call, "name"),
				one->call->bytes, err);
}

enum tu_status tu_api_add_signal_document(struct tu_api_call *call, struct tu_error *err)
{
	struct one one = {.call = call, .id = call->path[0]};
	enum tu_status status = tu_api_write(call, attach, &one, err);

	if (status == TU_OK)
		status = answer(&one, err);
	if (status == TU_OK)
		tu_api_created(call, "/v1/signals/%.*s", TU_STR_FMT(one.id));
	return status;
}

static enum tu_status fetch_text(struct tu_work *w, void *self, struct tu_error *err)
{
	struct one *one = self;
	struct tu_signals_seen seen = {0};
	struct tu_document document;
	enum tu_status status = find(w, one, err);

	if (status == TU_OK)
		status = tu_signal_look(w, &one->call->who.scope, one->row.id, &seen, err);
	if (status == TU_OK && (seen.list.count != 1 || !seen.list.at[0].document_id))
		return tu_api_unknown(err, "text");
	one->name = TU_STR("signal.txt");
	return status
		? status
		: tu_document_get(w->tx, seen.list.at[0].document_id, &one->bytes, &document, err);
}

static enum tu_status fetch_document(struct tu_work *w, void *self, struct tu_error *err)
{
	struct one *one = self;
	struct tu_signal_documents documents = {0};
	struct tu_document document;
	enum tu_status status = find(w, one, err);

	if (status == TU_OK)
		status = tu_signal_documents(w, &one->row, &documents, err);
	for (size_t i = 0; status == TU_OK && i < documents.list.count; i++) {
		const struct tu_signal_document *found = &documents.list.at[i];

		if (!tu_str_eq(found->public_id, one->call->path[1]))
			continue;
		if (!tu_arena_dup(one->call->arena, found->name, &one->name))
			return tu_no_memory(err);
		return tu_document_get(w->tx, found->document_id, &one->bytes, &document, err);
	}
	return status ? status : tu_api_unknown(err, "document");
}

static enum tu_status save(struct tu_api_call *call, tu_work_call *work, struct tu_error *err)
{
	struct one one = {.call = call, .id = call->path[0]};
	enum tu_status status;

	tu_buf_init(&one.bytes, TU_DOCUMENT_MAX);
	status = tu_api_read(call, work, &one, err);
	if (status == TU_OK)
		tu_api_answer_buf(call, "application/octet-stream", &one.bytes, one.name);
	tu_buf_done(&one.bytes);
	return status;
}

enum tu_status tu_api_get_signal_text(struct tu_api_call *call, struct tu_error *err)
{
	return save(call, fetch_text, err);
}

enum tu_status tu_api_get_signal_document(struct tu_api_call *call, struct tu_error *err)
{
	return save(call, fetch_document, err);
}

/* ---- its way ---- */

static enum tu_status move(struct tu_work *w, void *self, struct tu_error *err)
{
	struct one *one = self;
	struct tu_api_call *call = one->call;
	struct tu_case_row row;
	bool of = one->to == TU_SIGNAL_CONFIRMED;
	enum tu_status status = find(w, one, err);

	if (status == TU_OK && of) {
		status = tu_case_find_in(
			w, tu_api_body_str(call, "case"), &call->who.scope, &row, err);
		if (status == TU_E_NOTFOUND)
			return tu_fail_at(err, TU_E_USAGE,
				&(struct tu_error_place){.pointer = "/case"},
				"there is no such case");
	}
	/* who sees the device would hear of a case of others */
	if (status == TU_OK && of && one->row.device_id && !tu_case__has(&row, one->row.device_id))
		return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = "/case"},
			"the case is not about the device of the signal");
	if (status == TU_OK && call->if_match)
		one->row.version = call->if_match;
	if (status == TU_OK)
		status = tu_signal_move(w, &one->row, one->to, of ? &row : NULL, err);
	if (status == TU_E_USAGE)
		call->problem.type = TU_PROBLEM_CONFLICT;
	return status;
}

static enum tu_status move_to(
	struct tu_api_call *call, enum tu_signal_state to, struct tu_error *err)
{
	struct one one = {.call = call, .id = call->path[0], .to = to};
	enum tu_status status = tu_api_write(call, move, &one, err);

	return status ? status : answer(&one, err);
}

enum tu_status tu_api_acknowledge_signal(struct tu_api_call *call, struct tu_error *err)
{
	return move_to(call, TU_SIGNAL_ACKNOWLEDGED, err);
}

enum tu_status tu_api_confirm_signal(struct tu_api_call *call, struct tu_error *err)
{
	return move_to(call, TU_SIGNAL_CONFIRMED, err);
}

enum tu_status tu_api_reject_signal(struct tu_api_call *call, struct tu_error *err)
{
	return move_to(call, TU_SIGNAL_REJECTED, err);
}
