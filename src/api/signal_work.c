/* Signals while people work on them: triage, what is said, the case that one becomes. */
#include "api/cases.h"
#include "api/inside.h"
#include "api/signals.h"
#include "portfolio/case_own.h"
#include "portfolio/inbox.h"
#include "portfolio/scope.h"
#include "service/service.h"

struct working {
	struct tu_api_call *call;
	struct tu_signal_row row;
	bool moved; /* it is confirmed for the case already */
};

/* ---- triage: what the body does not have stays ---- */

static bool given(const struct tu_api_call *call, const char *name)
{
	return tu_json_get(call->body, tu_str_c(name)).doc != NULL;
}

static void keep_word(const struct tu_api_call *call, const char *name, struct tu_str *word)
{
	if (given(call, name))
		*word = tu_api_body_str(call, name);
}

static void keep_time(const struct tu_api_call *call, const char *name, int64_t *time)
{
	struct tu_str text = tu_api_body_str(call, name);

	if (given(call, name))
		*time = text.len ? tu_api_time_of(text) : 0;
}

static enum tu_status keep_duplicate(
	struct tu_work *w, const struct tu_api_call *call, int64_t *id, struct tu_error *err)
{
	struct tu_str of = tu_api_body_str(call, "duplicate_of");
	struct tu_signal_row other;
	enum tu_status status;

	if (!given(call, "duplicate_of"))
		return TU_OK;
	*id = 0;
	if (!of.len)
		return TU_OK;
	status = tu_signal_find_in(w, of, &call->who.scope, &other, err);
	if (status == TU_E_NOTFOUND)
		return tu_fail_at(err, TU_E_USAGE,
			&(struct tu_error_place){.pointer = "/duplicate_of"},
			"there is no such signal");
	*id = other.id;
	return status;
}

/* As it is now. */
static enum tu_status begin(struct tu_work *w, const struct tu_signal_row *row,
	struct tu_signal_triage *out, struct tu_error *err)
{
	struct tu_signals_seen seen = {0};
	struct tu_signal_row other = {0};
	const struct tu_signal_seen *one;
	enum tu_status status = tu_signal_look(w, NULL, row->id, &seen, err);

	if (status != TU_OK)
		return status;
	if (seen.list.count != 1)
		return tu_api_unknown(err, "signal");
	one = &seen.list.at[0];
	if (one->duplicate_of.len)
		status = tu_signal_find(w, one->duplicate_of, &other, err);
	*out = (struct tu_signal_triage){.kind = one->kind,
		.severity = one->severity,
		.embargo = one->embargo,
		.device_id = row->device_id,
		.learned = one->learned,
		.duplicate_id = other.id};
	return status;
}

/* What others may hear earlier by it is for who may publish. */
static enum tu_status check_freed(struct tu_api_call *call, const struct tu_signal_row *row,
	const struct tu_signal_triage *to, struct tu_error *err)
{
	if (!tu_signal_frees(row, to, call->now) || tu_access_may(&call->who, TU_CLASS_PUBLISH))
		return TU_OK;
	call->problem.type = TU_PROBLEM_FORBIDDEN;
	return tu_fail(err, TU_E_CONSTRAINT, 0,
		"a case came of it: only who may publish moves its embargo nearer");
}

static enum tu_status triage(struct tu_work *w, void *self, struct tu_error *err)
{
	struct working *work = self;
	struct tu_api_call *call = work->call;
	struct tu_signal_triage to = {0};
	struct tu_inbox_settings settings = {0};
	enum tu_status status = tu_api_signal_find(w, call, &work->row, err);

	if (status == TU_OK)
		status = begin(w, &work->row, &to, err);
	if (status == TU_OK)
		status = tu_inbox_settings_read(w, &settings, err);
	if (status != TU_OK)
		return status;
	to.acknowledge_days = settings.acknowledge_days;
	keep_word(call, "kind", &to.kind);
	keep_word(call, "severity", &to.severity);
	keep_time(call, "embargo", &to.embargo);
	keep_time(call, "learned", &to.learned);
	status = keep_duplicate(w, call, &to.duplicate_id, err);
	if (status == TU_OK && given(call, "device"))
		status = tu_api_signal_device(w, call, &to.device_id, err);
	if (status == TU_OK)
		status = check_freed(call, &work->row, &to, err);
	if (status == TU_OK && call->if_match)
		work->row.version = call->if_match;
	return status ? status : tu_signal_triage(w, &work->row, &to, err);
}

enum tu_status tu_api_triage_signal(struct tu_api_call *call, struct tu_error *err)
{
	struct working work = {.call = call};
	enum tu_status status = tu_api_write(call, triage, &work, err);

	return status ? status : tu_api_signal_answer(call, call->path[0], err);
}

/* ---- what is said ---- */

static enum tu_status say(struct tu_work *w, void *self, struct tu_error *err)
{
	struct working *work = self;
	bool reply = tu_str_eq(tu_api_body_str(work->call, "kind"), TU_STR("reply"));
	enum tu_status status = tu_api_signal_find(w, work->call, &work->row, err);

	return status ? status
		      : tu_signal_say(w, &work->row, reply ? "reply" : "note",
				tu_api_body_str(work->call, "text"), err);
}

enum tu_status tu_api_add_signal_entry(struct tu_api_call *call, struct tu_error *err)
{
	struct working work = {.call = call};
	enum tu_status status = tu_api_write(call, say, &work, err);

	if (status == TU_OK)
		status = tu_api_signal_answer(call, call->path[0], err);
	if (status == TU_OK)
		tu_api_created(call, "/v1/signals/%.*s", TU_STR_FMT(call->path[0]));
	return status;
}

/* ---- the case that it becomes ---- */

/* That of the devices that have the vulnerability. */
static enum tu_status open_known(
	struct tu_work *w, struct working *work, struct tu_case_row *row, struct tu_error *err)
{
	struct tu_api_call *call = work->call;
	const struct tu_error_place place = {.pointer = "/vulnerability"};
	const struct tu_case_opening opening = {.vuln = tu_api_body_str(call, "vulnerability"),
		.scope = &call->who.scope,
		.kb = call->kb->kb,
		.learned_at = work->row.learned};
	enum tu_status status = tu_case_open(w, &opening, row, err);

	if (status == TU_E_CONFLICT) /* it is there */
		status = tu_case_find_in(w, opening.vuln, opening.scope, row, err);
	if (status == TU_E_NOTFOUND)
		return tu_fail_at(err, TU_E_USAGE, &place,
			"no component of the portfolio has it; if it is a weakness that no "
			"knowledge base knows, name the devices");
	if (status == TU_OK && work->row.device_id && !tu_case__has(row, work->row.device_id))
		return tu_fail_at(err, TU_E_USAGE, &place, "the device of the signal has it not");
	return status;
}

/* The devices that the body names, or that of the signal. */
static enum tu_status take_devices(
	struct tu_work *w, struct working *work, struct tu_case_own *own, struct tu_error *err)
{
	const struct tu_error_place place = {.pointer = "/devices"};
	struct tu_json_iter iter = tu_json_iter(tu_json_get(work->call->body, TU_STR("devices")));
	int64_t *ids = tu_arena_array(w->arena, TU_CASE_OWN_DEVICES_MAX, sizeof(*ids));
	bool has = !work->row.device_id;
	struct tu_device_row device;
	struct tu_json item;

	if (!ids)
		return tu_no_memory(err);
	while (own->device_count < TU_CASE_OWN_DEVICES_MAX && tu_json_next_item(&iter, &item)) {
		enum tu_status status = tu_device_find(w, tu_json_str(item), &device, err);

		if (status == TU_E_NOTFOUND ||
			(!status && !tu_scope_has(&work->call->who.scope, device.id)))
			return tu_fail_at(err, TU_E_USAGE, &place, "there is no such device");
		if (status != TU_OK)
			return status;
		has = has || device.id == work->row.device_id;
		ids[own->device_count++] = device.id;
	}
	if (!own->device_count && work->row.device_id)
		ids[own->device_count++] = work->row.device_id;
	else if (!has)
		return tu_fail_at(
			err, TU_E_USAGE, &place, "the device of the signal is not among them");
	own->devices = ids;
	return TU_OK;
}

/* One of our own, for what no knowledge base has a name for. */
static enum tu_status open_own(
	struct tu_work *w, struct working *work, struct tu_case_row *row, struct tu_error *err)
{
	struct tu_api_call *call = work->call;
	struct tu_case_own own = {.id = tu_api_body_str(call, "vulnerability"),
		.title = tu_api_body_str(call, "title"),
		.learned_at = work->row.learned,
		.scope = &call->who.scope,
		.kb = call->kb->kb};
	struct tu_signals_seen seen = {0};
	enum tu_status status = tu_signal_look(w, NULL, work->row.id, &seen, err);

	if (status != TU_OK)
		return status;
	if (seen.list.count != 1)
		return tu_api_unknown(err, "signal");
	if (!own.title.len)
		own.title = seen.list.at[0].title;
	(void)tu_severity_by_name(seen.list.at[0].severity, &own.severity);
	status = take_devices(w, work, &own, err);
	if (status == TU_OK)
		status = tu_case_open_own(w, &own, row, err);
	/* it became that case before; now it is about more devices */
	work->moved = !status && tu_str_eq(seen.list.at[0].case_public, row->public_id);
	return status;
}

static enum tu_status become(struct tu_work *w, void *self, struct tu_error *err)
{
	struct working *work = self;
	struct tu_api_call *call = work->call;
	bool own = given(call, "devices") || !given(call, "vulnerability");
	struct tu_case_row row;
	enum tu_status status = tu_api_signal_find(w, call, &work->row, err);

	if (status == TU_OK && call->if_match && call->if_match != work->row.version)
		return tu_fail(err, TU_E_CONFLICT, 0, "signal: changed since you read it");
	if (status == TU_OK)
		status = own ? open_own(w, work, &row, err) : open_known(w, work, &row, err);
	if (status != TU_OK || work->moved)
		return status;
	status = tu_signal_move(w, &work->row, TU_SIGNAL_CONFIRMED, &row, err);
	if (status == TU_E_USAGE)
		call->problem.type = TU_PROBLEM_CONFLICT;
	return status;
}

enum tu_status tu_api_open_case_of_signal(struct tu_api_call *call, struct tu_error *err)
{
	struct working work = {.call = call};
	enum tu_status status = tu_api_kb(call, err);

	if (status == TU_OK)
		status = tu_api_write(call, become, &work, err);
	return status ? status : tu_api_signal_answer(call, call->path[0], err);
}
