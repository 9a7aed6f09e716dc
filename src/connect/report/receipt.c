/* What became of a report, for whoever has its receipt, and messages to it. */
#include "connect/report/door.h"
#include "connect/report/operations.h"
#include "http/server.h"
#include "http/target.h"
#include "report/form.h"

struct looking {
	struct tu_api_call *call;
	char receipt[TU_RANDOM_ID + 1];
	struct tu_str text; /* a message to add; empty: none */
	struct tu_form_state state;
};

/* What the reporter hears: nothing of the case, nor of the words between us. */
static const char *const words[] = {
	[TU_SIGNAL_RECEIVED] = "Nobody has looked at it yet.",
	[TU_SIGNAL_ACKNOWLEDGED] = "We have acknowledged it and are looking into it.",
	[TU_SIGNAL_CONFIRMED] = "We have confirmed it and are working on it.",
	[TU_SIGNAL_REJECTED] = "We have closed it.",
};

/* ---- what was asked ---- */

/* People copy it with spaces and in any case. False: it can be none. */
static bool take_receipt(struct tu_str text, char out[TU_RANDOM_ID + 1])
{
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = tu_char_lower(text.ptr[i]);

		if (tu_char_is_space(c) || c == '-')
			continue;
		if (len == TU_RANDOM_ID || !(tu_char_is_digit(c) || (c >= 'a' && c <= 'f')))
			return false;
		out[len++] = c;
	}
	out[len] = '\0';
	return len == TU_RANDOM_ID;
}

static enum tu_status take_fields(
	struct tu_api_call *call, struct tu_str *receipt, struct tu_str *text, struct tu_error *err)
{
	struct tu_str rest = call->bytes, name, value;

	while (tu_http_query_next(&rest, &name, &value)) {
		if (!tu_http_decode(name, true, call->arena, &name) ||
			!tu_http_decode(value, true, call->arena, &value)) {
			call->problem.type = TU_PROBLEM_BAD_REQUEST;
			return tu_fail(err, TU_E_USAGE, 0, "a field is no text");
		}
		if (tu_str_eq(name, TU_STR("receipt")))
			*receipt = value;
		else if (tu_str_eq(name, TU_STR("text")))
			*text = value;
	}
	return TU_OK;
}

/* ---- what there is ---- */

static enum tu_status take_messages(
	struct tu_work *w, struct looking *l, const struct tu_signal_row *row, struct tu_error *err)
{
	struct tu_signal_entries entries;
	struct tu_form_message *messages;
	size_t count = 0;
	enum tu_status status = tu_signal_entries(w, row, &entries, err);

	if (status != TU_OK)
		return status;
	messages = tu_arena_array(l->call->arena, entries.list.count + 1, sizeof(*messages));
	if (!messages)
		return tu_no_memory(err);
	for (size_t i = 0; i < entries.list.count; i++) {
		const struct tu_signal_entry *entry = &entries.list.at[i];
		bool ours = tu_str_eq(entry->kind, TU_STR("reply"));

		if (!ours && !tu_str_eq(entry->kind, TU_STR("message")))
			continue;
		messages[count] = (struct tu_form_message){.ours = ours, .at = entry->at / 1000000};
		if (!tu_arena_dup(l->call->arena, entry->text, &messages[count++].text))
			return tu_no_memory(err);
	}
	l->state.messages = messages;
	l->state.message_count = count;
	return TU_OK;
}

static enum tu_status look(struct tu_work *w, void *self, struct tu_error *err)
{
	struct looking *l = self;
	struct tu_signal_row row;
	struct tu_signals_seen seen = {0};
	enum tu_status status = tu_signal_find_receipt(w, tu_random_id_str(l->receipt), &row, err);

	if (status == TU_OK && l->text.len)
		status = tu_inbox_message(w, &row, l->text, err);
	if (status == TU_OK)
		status = tu_signal_look(w, NULL, row.id, &seen, err);
	if (status == TU_OK && seen.list.count != 1)
		return tu_fail(err, TU_E_NOTFOUND, 0, "no report has this receipt");
	if (status != TU_OK)
		return status;
	l->state.state = words[row.state];
	l->state.received = seen.list.at[0].received / 1000000;
	l->state.acknowledge_by = seen.list.at[0].acknowledge_by / 1000000;
	l->state.acknowledged = seen.list.at[0].acknowledged / 1000000;
	return take_messages(w, l, &row, err);
}

static enum tu_status answer(struct looking *l, bool found, struct tu_error *err)
{
	struct tu_buf page;

	tu_buf_init(&page, TU_FORM_PAGE_MAX);
	l->state.receipt = tu_random_id_str(l->receipt);
	l->state.added = l->text.len > 0;
	if (found)
		tu_form_write_state(&l->state, &page);
	else
		tu_form_write_ask(true, &page);
	return tu_report__answer(l->call, &page, err);
}

static enum tu_status show(struct tu_api_call *call, bool adds, struct tu_error *err)
{
	struct looking l = {.call = call};
	struct tu_inbox_settings settings;
	struct tu_str receipt = {0}, text = {0};
	bool found;
	enum tu_status status = tu_report__settings(call, &settings, err);

	if (status == TU_OK)
		status = tu_report__check_site(call, err);
	if (status == TU_OK)
		status = take_fields(call, &receipt, &text, err);
	if (status != TU_OK)
		return status;
	found = take_receipt(receipt, l.receipt);
	if (adds)
		l.text = tu_str_trim(text);
	call->act.actor = TU_STR("system:report");
	if (found)
		status = l.text.len ? tu_api_write(call, look, &l, err)
				    : tu_api_read(call, look, &l, err);
	if (status == TU_E_BUSY)
		call->problem.type = TU_PROBLEM_TOO_MANY;
	if (status == TU_E_NOTFOUND)
		found = false;
	else if (status != TU_OK)
		return status;
	return answer(&l, found, err);
}

enum tu_status tu_report_show_report(struct tu_api_call *call, struct tu_error *err)
{
	return show(call, false, err);
}

enum tu_status tu_report_add_report_message(struct tu_api_call *call, struct tu_error *err)
{
	return show(call, true, err);
}

enum tu_status tu_report_ask_receipt(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_inbox_settings settings;
	struct tu_buf page;
	enum tu_status status = tu_report__settings(call, &settings, err);

	if (status != TU_OK)
		return status;
	tu_buf_init(&page, TU_FORM_PAGE_MAX);
	tu_form_write_ask(false, &page);
	return tu_report__answer(call, &page, err);
}
