/* The risk policy of device.yaml: bands, matrix, thresholds, the maker's own clocks. */
#include <tutela/device.h>

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "device/device_read.h"

#define FIELD(type, member) offsetof(struct type, member)

enum { DAY = 86400 };

/*
 * The matrix of a maker who has none: level of exploitability (1 to 5) plus severity (1 to 5) from
 * six on is uncontrolled, unless the harm is negligible. Ours; the guidance leaves the boundary to
 * the maker (FDA 2016, VI.C).
 */
static enum tu_risk default_risk(uint32_t level, uint32_t severity)
{
	return level + severity >= 6 && severity >= 2 ? TU_RISK_UNCONTROLLED : TU_RISK_CONTROLLED;
}

static void default_matrix(struct tu_risk_policy *policy)
{
	for (size_t b = 0; b < policy->band_count; b++)
		for (uint32_t s = 0; s < TU_HARM_LEVELS; s++)
			policy->matrix[b][s] = default_risk(policy->bands[b].from, s + 1);
}

void tu_policy_defaults(struct tu_risk_policy *policy)
{
	static const struct tu_band bands[] = {
		{TU_STR_INIT("low"), 1}, {TU_STR_INIT("medium"), 3}, {TU_STR_INIT("high"), 4}};

	*policy = (struct tu_risk_policy){
		.band_count = TU_COUNT(bands),
		.epss_high = 100000,
		.decision_days = 365,
		.undecided_days = 30,
		.approvals = 1,
	};
	for (size_t i = 0; i < TU_COUNT(bands); i++)
		policy->bands[i] = bands[i];
	default_matrix(policy);
}

/* ---- bands ---- */

static const struct tu_field band_fields[] = {
	{"name", TU_FIELD_TEXT, FIELD(tu_band, name), .needed = true},
	{"from", TU_FIELD_NUMBER, FIELD(tu_band, from), .needed = true, .max = TU_EXPLOIT_LEVELS},
};
static const struct tu_fields band_form = {band_fields, TU_COUNT(band_fields)};

static enum tu_status check_band(
	struct tu_form *form, const struct tu_yaml *node, const struct tu_band *band)
{
	const struct tu_band *before = node->index ? band - 1 : NULL;

	if (!before && band->from != 1)
		return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"the lowest band begins at level 1");
	if (before && band->from <= before->from)
		return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"bands rise: \"from\" is more than the %u of the band before",
			before->from);
	for (size_t i = 1; i <= node->index; i++)
		if (tu_str_ieq(band[-(ptrdiff_t)i].name, band->name))
			return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
				"a second band \"%.*s\"", TU_STR_FMT(tu_str_first(band->name, 60)));
	return TU_OK;
}

static enum tu_status read_bands(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_risk_policy *policy = target;
	enum tu_status status = TU_OK;

	if (node->kind != TU_YAML_LIST || node->count < 2 || node->count > TU_BANDS_MAX)
		return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"expected a list of 2 to %d bands", TU_BANDS_MAX);
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next) {
		status = tu_form_read(form, item, &band_form, &policy->bands[item->index]);
		if (status == TU_OK)
			status = check_band(form, item, &policy->bands[item->index]);
	}
	policy->band_count = node->count;
	default_matrix(policy);
	return status;
}

/* ---- the matrix ---- */

static enum tu_status read_cell(
	struct tu_form *form, const struct tu_yaml *node, enum tu_risk *out_risk)
{
	static const struct tu_word list[] = {
		{"controlled", TU_RISK_CONTROLLED}, {"uncontrolled", TU_RISK_UNCONTROLLED}};
	static const struct tu_words words = {list, TU_COUNT(list)};
	int value = 0;
	enum tu_status status = tu_form_word(form, node, &words, &value);

	*out_risk = (enum tu_risk)value;
	return status;
}

static enum tu_status read_row_map(
	struct tu_form *form, const struct tu_yaml *row, enum tu_risk cells[TU_HARM_LEVELS])
{
	enum tu_status status = TU_OK;

	for (const struct tu_yaml *cell = row->first; cell && !status; cell = cell->next) {
		enum tu_harm harm = TU_HARM_UNKNOWN;

		if (!tu_harm_by_name(cell->key, &harm) || harm < TU_HARM_NEGLIGIBLE)
			return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, cell,
				"no such severity: negligible, minor, serious, critical, "
				"catastrophic");
		status = read_cell(form, cell, &cells[harm - TU_HARM_NEGLIGIBLE]);
	}
	return status;
}

static enum tu_status read_row(
	struct tu_form *form, const struct tu_yaml *row, enum tu_risk cells[TU_HARM_LEVELS])
{
	enum tu_status status = TU_OK;

	if (row->kind == TU_YAML_MAP)
		return read_row_map(form, row, cells);
	if (row->kind != TU_YAML_LIST || row->count > TU_HARM_LEVELS)
		return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, row,
			"expected the answers for the five severities, as a map or a list");
	for (const struct tu_yaml *cell = row->first; cell && !status; cell = cell->next)
		status = read_cell(form, cell, &cells[cell->index]);
	return status;
}

/* What the file leaves away is a hole, which tu_device_lint() reports: a default there would be
 * nobody's decision. */
static enum tu_status read_matrix(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_risk_policy *policy = target;
	enum tu_status status = TU_OK;

	if (node->kind != TU_YAML_MAP)
		return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"expected a map: a row for each band");
	for (size_t b = 0; b < TU_BANDS_MAX; b++)
		for (size_t s = 0; s < TU_HARM_LEVELS; s++)
			policy->matrix[b][s] = TU_RISK_UNDECIDED;
	policy->matrix_place = tu_form_place(node);
	for (const struct tu_yaml *row = node->first; row && !status; row = row->next) {
		const struct tu_device *device = form->context;
		size_t band = tu_device_band(device, row->key);

		if (band == policy->band_count)
			return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, row,
				"there is no band of this name");
		status = read_row(form, row, policy->matrix[band]);
	}
	return status;
}

/* ---- clocks, holidays, zone ---- */

static const struct tu_word unit_list[] = {{"hours", 0}, {"days", 1}, {"working-days", 2}};
static const struct tu_words unit_words = {unit_list, TU_COUNT(unit_list)};
static const struct tu_word when_list[] = {
	{"uncontrolled", 0}, {"controlled", 1}, {"kev", 2}, {"exploited", 3}, {"always", 4}};
static const struct tu_words when_words = {when_list, TU_COUNT(when_list)};

static enum tu_status read_one_of(struct tu_form *form, const struct tu_yaml *node,
	const struct tu_words *words, struct tu_str *out_word)
{
	int value;
	enum tu_status status = tu_form_word(form, node, words, &value);

	if (status == TU_OK)
		*out_word = tu_str_c(tu_words_name(words, value));
	return status;
}

static enum tu_status read_unit(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	return read_one_of(form, node, &unit_words, &((struct tu_own_clock *)target)->unit);
}

enum { CATALOGUE_MAX = 64 };

struct tu_str tu_own_clock_catalogue(struct tu_str when)
{
	const struct tu_str word = TU_STR("exploited:");
	struct tu_str name =
		tu_str_starts(when, word) ? tu_str_from(when, word.len) : (struct tu_str){"", 0};

	return name.len <= CATALOGUE_MAX && tu_str_trim(name).len == name.len
		? name
		: (struct tu_str){"", 0};
}

/* Catalogues name themselves: any name is one, as in a gate. */
static enum tu_status read_when(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	if (node->kind == TU_YAML_SCALAR && tu_own_clock_catalogue(node->text).len)
		return tu_form_text(form, node, &((struct tu_own_clock *)target)->when);
	return read_one_of(form, node, &when_words, &((struct tu_own_clock *)target)->when);
}

static const struct tu_field clock_fields[] = {
	{"id", TU_FIELD_TEXT, FIELD(tu_own_clock, id), .needed = true},
	{"title", TU_FIELD_TEXT, FIELD(tu_own_clock, title)},
	{"start", TU_FIELD_TEXT, FIELD(tu_own_clock, start)},
	{"stop", TU_FIELD_TEXT, FIELD(tu_own_clock, stop), .needed = true},
	{"when", TU_FIELD_OTHER, .read = read_when},
	{"amount", TU_FIELD_NUMBER, FIELD(tu_own_clock, amount), .needed = true, .max = 10000},
	{"unit", TU_FIELD_OTHER, .read = read_unit},
};
static const struct tu_fields clock_form = {clock_fields, TU_COUNT(clock_fields)};

static enum tu_status read_clocks(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_risk_policy *policy = target;
	struct tu_own_clock *clocks;
	void *items;
	enum tu_status status =
		tu_form_list(form, node, sizeof(*clocks), &items, &policy->clock_count);

	if (status != TU_OK)
		return status;
	clocks = items;
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next) {
		struct tu_own_clock *clock = &clocks[item->index];

		*clock = (struct tu_own_clock){.start = TU_STR("learned"),
			.when = TU_STR("uncontrolled"),
			.unit = TU_STR("days"),
			.place = tu_form_place(item)};
		status = tu_form_read(form, item, &clock_form, clock);
	}
	policy->clocks = clocks;
	return status;
}

static int compare_days(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static enum tu_status read_holidays(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_risk_policy *policy = target;
	int64_t *days;
	void *items;
	enum tu_status status =
		tu_form_list(form, node, sizeof(*days), &items, &policy->holiday_count);

	if (status != TU_OK)
		return status;
	days = items;
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next) {
		status = tu_form_time(form, item, false, &days[item->index]);
		days[item->index] /= DAY;
	}
	qsort(days, policy->holiday_count, sizeof(*days), compare_days);
	policy->holidays = days;
	return status;
}

/* "+01:00", "-05:00", "Z". */
static bool is_offset(struct tu_str text, int32_t *out_seconds)
{
	static const char day[] = "2001-01-02T00:00:00";
	char whole[40];
	int64_t here, there;

	if (!text.len || text.len > 6 || tu_str_trim(text).len != text.len)
		return false;
	(void)tu_time_parse(TU_STR("2001-01-02T00:00:00Z"), &here);
	memcpy(whole, day, sizeof(day) - 1);
	memcpy(whole + sizeof(day) - 1, text.ptr, text.len);
	if (!tu_time_parse(tu_str_of(whole, sizeof(day) - 1 + text.len), &there))
		return false;
	*out_seconds = (int32_t)(here - there);
	return true;
}

/* An offset, or a name of the tz database, which the caller's hook knows. */
static enum tu_status read_zone(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_zone *zone = &((struct tu_risk_policy *)target)->zone;
	struct tu_error why = {0};
	enum tu_status status = TU_E_NOTFOUND;

	if (node->kind == TU_YAML_SCALAR && is_offset(node->text, &zone->seconds))
		return TU_OK;
	if (node->kind == TU_YAML_SCALAR && form->zones)
		status = form->zones->find(
			form->zones->context, form->arena, node->text, zone, &why);
	if (status == TU_E_NOMEM)
		return tu_form_no_memory(form);
	return status == TU_OK ? TU_OK
			       : tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
					 "expected a time zone such as Europe/Berlin, or an offset "
					 "such as +01:00, "
					 "-05:00 or Z%s%s",
					 *why.message ? ": " : "", why.message);
}

/* ---- thresholds ---- */

static enum tu_status read_epss(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_risk_policy *policy = target;

	if (node->kind == TU_YAML_SCALAR &&
		tu_form_decimal(node->text, 6, 1000000, &policy->epss_high))
		return TU_OK;
	return tu_yaml_fail(
		form->err, TU_E_SYNTAX, form->file, node, "expected a number from 0 to 1");
}

static enum tu_status read_raise(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_risk_policy *policy = target;

	if (node->kind == TU_YAML_SCALAR &&
		tu_form_decimal(node->text, 1, 100, &policy->score_raise))
		return TU_OK;
	return tu_yaml_fail(
		form->err, TU_E_SYNTAX, form->file, node, "expected a number from 0 to 10");
}

/* None would let authors approve their own work; more than two is no rule that anybody keeps. */
static enum tu_status read_approvals(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_risk_policy *policy = target;
	uint64_t approvals;

	if (node->kind != TU_YAML_SCALAR || !tu_str_to_u64(node->text, 2, &approvals) || !approvals)
		return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node, "expected 1 or 2");
	policy->approvals = (uint32_t)approvals;
	return TU_OK;
}

/* ---- the section ---- */

#define POLICY(member) FIELD(tu_risk_policy, member)

static const struct tu_field policy_fields[] = {
	{"version", TU_FIELD_TEXT, POLICY(document.version)},
	{"approved_by", TU_FIELD_TEXT, POLICY(document.approved_by)},
	{"approved_at", TU_FIELD_DATE, POLICY(document.approved_at)},
	{"bands", TU_FIELD_OTHER, .read = read_bands},
	{"matrix", TU_FIELD_OTHER, .read = read_matrix},
	{"acceptance", TU_FIELD_TEXT, POLICY(acceptance)},
	{"epss_high", TU_FIELD_OTHER, .read = read_epss},
	{"score_raise", TU_FIELD_OTHER, .read = read_raise},
	{"decision_days", TU_FIELD_NUMBER, POLICY(decision_days), .max = 36500},
	{"undecided_days", TU_FIELD_NUMBER, POLICY(undecided_days), .max = 36500},
	{"approvals", TU_FIELD_OTHER, .read = read_approvals},
	{"deciders", TU_FIELD_TEXTS, POLICY(deciders)},
	{"trusted_suppliers", TU_FIELD_TEXTS, POLICY(trusted_suppliers)},
	{"clocks", TU_FIELD_OTHER, .read = read_clocks},
	{"holidays", TU_FIELD_OTHER, .read = read_holidays},
	{"time_zone", TU_FIELD_OTHER, .read = read_zone},
};
static const struct tu_fields policy_form = {policy_fields, TU_COUNT(policy_fields)};

enum tu_status tu_policy_read(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_device *device = target;

	return tu_form_read(form, node, &policy_form, &device->policy);
}
