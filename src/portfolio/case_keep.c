#include "portfolio/case_keep.h"

#include "portfolio/deadlines.h"
#include "portfolio/facts.h"

enum { US = 1000000, SCORE_UNSTATED = 255 };

struct keeping {
	struct tu_work *w;
	const struct tu_case_keeping *asked;
	struct tu_deadline_device device;
	bool exploited; /* only what starts by the knowledge base alone */
	struct {
		TU_VEC(struct tu_str) list; /* vulnerabilities of the cases of the device */
	} cases;
};

static enum tu_status read_cases(struct keeping *k, struct tu_error *err)
{
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status = tu_tx_query(k->w->tx, TU_SQL_CASE_NAMES_OF_DEVICE,
		TU_BIND(tu_int(k->asked->device->id)), &rows, err);

	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows)) {
		struct tu_str vuln;

		ok = tu_arena_dup(k->w->arena, tu_rows_text(rows, 0), &vuln) &&
			TU_VEC_PUSH_IN(k->w->arena, &k->cases.list, vuln);
	}
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

/* ---- a case without a part for the device ---- */

/* The id of a name, if the store has it. */
static enum tu_status look_up(
	struct tu_work *w, struct tu_str name, struct tu_case_row *row, struct tu_error *err)
{
	enum tu_status status;

	if (row->vuln_id || !name.len)
		return TU_OK;
	status = tu_tx_int(w->tx, TU_SQL_VULN_ID, TU_BIND(tu_text(name)), &row->vuln_id, err);
	if (status == TU_OK)
		row->vuln = name;
	else
		row->vuln_id = 0;
	return status == TU_E_NOTFOUND ? TU_OK : status;
}

static enum tu_status add_vuln(struct keeping *k, const struct tu_vuln_row *v, uint32_t index,
	struct tu_case_row *row, struct tu_error *err)
{
	struct tu_work *w = k->w;
	struct tu_str by = TU_STR("");
	enum tu_status status;

	if (index != TU_KB_NONE && !tu_vuln_exploited_by(w->arena, k->asked->kb, index, &by))
		return tu_no_memory(err);
	status = tu_work_exec(w, TU_SQL_VULN_PUT,
		TU_BIND(tu_text(v->name), tu_text_opt(v->title), tu_int(v->severity),
			tu_int(v->score), tu_int(v->kev), tu_int(v->epss), tu_int(v->modified),
			tu_int(v->withdrawn), tu_text(by)),
		err);

	return status ? status : look_up(w, v->name, row, err);
}

/* By the name that findings have it under: that of the knowledge base, or one of the decisions'.
 * What no finding has gets the name that the decision gives it. */
static enum tu_status find_vuln(struct keeping *k, const struct tu_deadline_case *c,
	struct tu_case_row *row, struct tu_error *err)
{
	const struct tu_kb *kb = k->asked->kb;
	const uint32_t index = kb ? tu_kb_find(kb, c->vulnerability) : TU_KB_NONE;
	const struct tu_vuln_row v = index != TU_KB_NONE
		? tu_vuln_row_of(kb, index)
		: (struct tu_vuln_row){
			  .name = c->vulnerability, .score = SCORE_UNSTATED, .epss = UINT32_MAX};
	enum tu_status status = look_up(k->w, v.name, row, err);

	if (status == TU_OK)
		status = look_up(k->w, c->vulnerability, row, err);
	for (size_t i = 0; i < c->decision_count; i++) {
		const struct tu_texts *names = &c->decisions[i]->aliases;

		for (size_t n = 0; n < names->count && status == TU_OK; n++)
			status = look_up(k->w, names->at[n], row, err);
	}
	if (status != TU_OK || row->vuln_id)
		return status;
	return add_vuln(k, &v, index, row, err);
}

static enum tu_status record_opening(
	struct keeping *k, const struct tu_case_row *row, struct tu_error *err)
{
	struct tu_act because = *k->w->act;
	const struct tu_act *act = k->w->act;
	struct tu_record record;
	enum tu_status status;

	because.reason = k->asked->reason;
	tu_record_begin(&record, "case.open", "case:%.*s", TU_STR_FMT(row->vuln));
	tu_json_key(&record.json, "before");
	tu_json_add_null(&record.json);
	tu_json_member_str(&record.json, "after", TU_STR("open"));
	tu_json_key(&record.json, "devices");
	tu_json_open_array(&record.json);
	tu_json_add_str(&record.json, k->asked->device->name);
	tu_json_close_array(&record.json);
	k->w->act = &because;
	status = tu_case__record_add(&record, k->w, row, err);
	k->w->act = act;
	return status;
}

static enum tu_status open_part(struct keeping *k, const struct tu_deadline_case *c,
	struct tu_case_row *row, struct tu_error *err)
{
	const int64_t now = k->w->act->at;
	struct tu_case_row found = {0};
	struct tu_str public_id;
	enum tu_status status = find_vuln(k, c, &found, err);
	const int64_t vuln_id = found.vuln_id;
	const struct tu_str vuln = found.vuln;

	if (status == TU_OK)
		status = tu_case_find(k->w, vuln, row, err);
	if (status == TU_E_NOTFOUND && !row->id) {
		status = tu_work_new_id(k->w, &public_id, err);
		if (status == TU_OK)
			status = tu_work_exec(k->w, TU_SQL_CASE_ADD,
				TU_BIND(tu_text(public_id), tu_int(vuln_id), tu_int(0), tu_int(now),
					tu_int(0)),
				err);
		if (status == TU_OK) /* as yet without a part */
			status = tu_case_find(k->w, vuln, row, err);
	}
	if (status != TU_OK && status != TU_E_NOTFOUND)
		return status;
	status = tu_case__touch(k->w, row->id, err);
	if (status == TU_OK)
		status = tu_work_exec(k->w, TU_SQL_CASE_PART_ADD,
			TU_BIND(tu_int(row->id), tu_int(k->asked->device->id),
				tu_int(c->learned ? c->learned * US : now), tu_int(now)),
			err);
	if (status == TU_OK)
		status = tu_case__read_parts(k->w, row, err);
	return status ? status : record_opening(k, row, err);
}

/* ---- one vulnerability ---- */

/* Does it need a case? Every vulnerability that was decided has deadlines that started with its
 * decision and were met by it: without more to do, that is none. */
static bool needs_case(const struct tu_deadline_case *c, const struct tu_deadlines *clocks)
{
	for (size_t i = 0; i < clocks->count; i++)
		if (clocks->at[i].start &&
			(c->was_uncontrolled || tu_deadline_is_open(&clocks->at[i]) ||
				clocks->at[i].state == TU_DEADLINE_CONDITIONAL))
			return true;
	return false;
}

static enum tu_status keep(struct keeping *k, size_t at, struct tu_error *err)
{
	const struct tu_deadline_case *c = &k->device.of.cases[at];
	const struct tu_deadlines *clocks = &k->device.of.clocks[at];
	struct tu_case_row row = {0};
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < k->cases.list.count && status == TU_OK && !row.id; i++)
		if (tu_deadline_case_is_about(k->asked->kb, c, k->cases.list.at[i]))
			status = tu_case_find(k->w, k->cases.list.at[i], &row, err);
	if (status == TU_OK && !row.id && !needs_case(c, clocks))
		return k->asked->vuln.len /* as long as device.yaml stays they are computed */
			? TU_OK
			: tu_deadlines__keep(
				  k->w, k->asked->device->id, c->vulnerability, clocks, err);
	if (status == TU_OK && !row.id) {
		status = open_part(k, c, &row, err);
		if (status == TU_OK && !TU_VEC_PUSH_IN(k->w->arena, &k->cases.list, row.vuln))
			status = tu_no_memory(err);
	}
	row.kb = k->asked->kb;
	if (status == TU_OK)
		status = tu_case__store_deadlines(k->w, &row, k->asked->device->id, clocks, err);
	/* of all cases of a device it would be the square of their number; the case work follows
	 * what is recorded */
	return status || !k->asked->vuln.len ? status : tu_case_follow(k->w, &row, err);
}

/* Does the knowledge base know of an exploitation what decisions do not? */
static bool is_by_kb(const struct tu_kb *kb, const struct tu_deadline_case *c)
{
	const struct tu_deadline_case known = tu_deadline_case_with_kev(kb, c);

	for (size_t i = 0; i < known.catalogue_count; i++)
		if (known.catalogues[i].lists)
			return true;
	return known.exploited != c->exploited || known.exploited_since != c->exploited_since;
}

static bool is_asked(const struct keeping *k, const struct tu_deadline_case *c)
{
	const struct tu_kb *kb = k->asked->kb;

	if (k->exploited && !is_by_kb(kb, c))
		return false;
	return !k->asked->vuln.len || tu_deadline_case_is_about(kb, c, k->asked->vuln);
}

static enum tu_status read_device(struct keeping *k, struct tu_error *err)
{
	const struct tu_case_keeping *asked = k->asked;
	enum tu_status status;

	if (!asked->out_unread)
		return tu_deadline_device(k->w, asked->device, asked->kb, &k->device, err);
	status = tu_deadline_device_or_gap(k->w, asked->device, asked->kb, &k->device, err);
	*asked->out_unread = k->device.unread;
	return status;
}

static enum tu_status keep_all(struct keeping *k, struct tu_error *err)
{
	const struct tu_deadlines_of *of = &k->device.of;
	enum tu_status status = read_device(k, err);

	if (status == TU_OK)
		status = read_cases(k, err);
	for (size_t i = 0; status == TU_OK && i < of->case_count; i++)
		if (is_asked(k, &of->cases[i]))
			status = keep(k, i, err);
	return status;
}

enum tu_status tu_case_keep(
	struct tu_work *w, const struct tu_case_keeping *keeping, struct tu_error *err)
{
	struct keeping k = {.w = w, .asked = keeping};

	return keep_all(&k, err);
}

enum tu_status tu_case_keep_exploited(
	struct tu_work *w, const struct tu_kb *kb, size_t *out_unread, struct tu_error *err)
{
	static const struct tu_list_scope everything = {.everything = true};
	struct tu_devices_seen devices;
	struct tu_str unread = {0};
	enum tu_status status = tu_device_list(w, &everything, &devices, err);

	*out_unread = 0;
	for (size_t i = 0; status == TU_OK && i < devices.count; i++) {
		const struct tu_case_keeping keeping = {.device = &devices.at[i].device,
			.kb = kb,
			.out_unread = &unread,
			.reason = TU_STR("a knowledge base lists it as exploited: deadlines that "
					 "have started stay")};
		struct keeping k = {.w = w, .asked = &keeping, .exploited = true};

		status = keep_all(&k, err);
		*out_unread += unread.len > 0;
	}
	return status;
}
