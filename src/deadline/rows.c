/* Which rows a device has, which of its markets have none, and which events rows know. */
#include <tutela/deadline.h>
#include <tutela/market.h>

#include <string.h>

#include "base/vec.h"
#include "deadline/run.h"

/* ---- markets ---- */

static bool has_rules(struct tu_str market, const char *jurisdiction)
{
	struct tu_market found;

	return tu_market_find(market, &found) &&
		tu_str_eq(tu_str_c(found.rules), tu_str_c(jurisdiction));
}

static bool list_sells_in(const struct tu_texts *markets, const char *jurisdiction)
{
	for (size_t i = 0; i < markets->count; i++)
		if (has_rules(markets->at[i], jurisdiction))
			return true;
	return false;
}

/* The device's markets and those of each variant. */
bool tu_deadline__sells_in(const struct tu_device *device, const char *jurisdiction)
{
	bool sells = *jurisdiction == '\0' || list_sells_in(&device->markets, jurisdiction);

	for (size_t i = 0; i < device->variant_count && !sells; i++)
		sells = list_sells_in(&device->variants[i].markets, jurisdiction);
	return sells;
}

/* Where it is sold in the rule's market. */
static bool has_rule(const struct tu_device *device, const struct tu_deadline_rule *rule)
{
	if (rule->when == TU_WHEN_FEDERAL && !device->us_federal)
		return false;
	return rule->product == TU_DEADLINE_ANY ||
		device->medical == (rule->product == TU_DEADLINE_DEVICE);
}

/* Rows are of C strings: their words come from a file and are copied once. */
static const char *c_text(struct tu_arena *arena, struct tu_str text)
{
	char *copy = tu_arena_text(arena, text.len + 1);

	if (copy) {
		if (text.len)
			memcpy(copy, text.ptr, text.len);
		copy[text.len] = '\0';
	}
	return copy;
}

static const struct {
	const char *word;
	int value;
} units[] = {{"hours", TU_DEADLINE_HOURS}, {"days", TU_DEADLINE_DAYS},
	{"working-days", TU_DEADLINE_WORKING_DAYS}},
  whens[] = {{"always", TU_WHEN_ALWAYS}, {"uncontrolled", TU_WHEN_UNCONTROLLED},
	  {"controlled", TU_WHEN_CONTROLLED}, {"kev", TU_WHEN_EXPLOITED},
	  {"exploited", TU_WHEN_EXPLOITED}};

/* No word is what the format says then, the default; one that is not known is none of these: a row
 * of another meaning would leave out deadlines. */
static bool unit_of(struct tu_str word, enum tu_deadline_unit *out)
{
	*out = TU_DEADLINE_DAYS;
	for (size_t i = 0; i < TU_COUNT(units); i++)
		if (tu_str_eq(word, tu_str_c(units[i].word))) {
			*out = (enum tu_deadline_unit)units[i].value;
			return true;
		}
	return !word.len;
}

static bool read_catalogue(
	struct tu_arena *arena, struct tu_str word, struct tu_deadline_rule *rule)
{
	struct tu_str name = tu_own_clock_catalogue(word);

	if (!name.len)
		return true;
	rule->when = TU_WHEN_EXPLOITED;
	rule->catalogue = c_text(arena, name);
	return rule->catalogue != NULL;
}

static bool when_of(struct tu_str word, enum tu_deadline_when *out)
{
	*out = TU_WHEN_UNCONTROLLED;
	for (size_t i = 0; i < TU_COUNT(whens); i++)
		if (tu_str_eq(word, tu_str_c(whens[i].word))) {
			*out = (enum tu_deadline_when)whens[i].value;
			return true;
		}
	return !word.len;
}

static enum tu_status own_rule(struct tu_arena *arena, const struct tu_own_clock *own,
	const struct tu_deadline_rule **out_rule, struct tu_error *err)
{
	struct tu_deadline_rule *rule = tu_arena_alloc(arena, sizeof(*rule));

	if (!rule)
		return tu_no_memory(err);
	*rule = (struct tu_deadline_rule){
		.id = c_text(arena, own->id),
		.title = c_text(arena, own->title.len ? own->title : own->id),
		.source = "the maker's own policy",
		.jurisdiction = "",
		.start = c_text(arena, own->start),
		.amount = own->amount,
		.stop = c_text(arena, own->stop),
	};
	if (!read_catalogue(arena, own->when, rule))
		return tu_no_memory(err);
	if (!rule->catalogue && !when_of(own->when, &rule->when))
		return tu_fail(err, TU_E_USAGE, 0,
			"clocks: %.*s: \"when\" is \"%.*s\": no such word", TU_STR_FMT(own->id),
			TU_STR_FMT(own->when));
	if (!unit_of(own->unit, &rule->unit))
		return tu_fail(err, TU_E_USAGE, 0,
			"clocks: %.*s: \"unit\" is \"%.*s\": no such word", TU_STR_FMT(own->id),
			TU_STR_FMT(own->unit));
	*out_rule = rule;
	return rule->id && rule->title && rule->start && rule->stop ? TU_OK : tu_no_memory(err);
}

enum tu_status tu_deadline_rules(struct tu_arena *arena, const struct tu_device *device,
	const struct tu_deadline_rule *const **out_rules, size_t *out_count, struct tu_error *err)
{
	TU_VEC(const struct tu_deadline_rule *) rules = {0};
	const char *asked = "";
	bool fine = true, sells = true;
	enum tu_status status = TU_OK;

	for (size_t i = 0; fine && tu_deadline_rule_at(i); i++) {
		const struct tu_deadline_rule *rule = tu_deadline_rule_at(i);

		if (strcmp(asked, rule->jurisdiction) != 0)
			sells = tu_deadline__sells_in(device, rule->jurisdiction);
		asked = rule->jurisdiction;
		if (sells && has_rule(device, rule))
			fine = TU_VEC_PUSH_IN(arena, &rules, rule);
	}
	for (size_t i = 0; fine && !status && i < device->policy.clock_count; i++) {
		const struct tu_deadline_rule *rule = NULL;

		status = own_rule(arena, &device->policy.clocks[i], &rule, err);
		fine = status || TU_VEC_PUSH_IN(arena, &rules, rule);
	}
	*out_rules = rules.at;
	*out_count = fine && !status ? rules.count : 0;
	return fine ? status : tu_no_memory(err);
}

/* ---- what nobody watches ---- */

struct watching {
	struct tu_arena *arena;
	const struct tu_device *device;
	TU_VEC(struct tu_unwatched) list;
	bool failed;
};

static bool is_watched(const struct tu_device *device, const char *jurisdiction)
{
	for (size_t i = 0; tu_deadline_rule_at(i); i++)
		if (has_rule(device, tu_deadline_rule_at(i)) &&
			!strcmp(tu_deadline_rule_at(i)->jurisdiction, jurisdiction))
			return true;
	return false;
}

static bool is_listed(const struct watching *w, struct tu_str market)
{
	for (size_t i = 0; i < w->list.count; i++)
		if (tu_str_eq(w->list.at[i].market, market))
			return true;
	return false;
}

static void look_at(struct watching *w, struct tu_str market)
{
	struct tu_unwatched one = {.market = market, .code = "", .why = TU_UNWATCHED_NO_MARKET};
	struct tu_market found;

	if (tu_market_find(market, &found)) {
		if (is_watched(w->device, found.rules))
			return;
		one.code = found.code;
		one.name = found.name;
		one.why = *found.rules ? TU_UNWATCHED_PRODUCT : TU_UNWATCHED_NO_RULES;
	}
	if (!is_listed(w, market))
		w->failed |= !TU_VEC_PUSH_IN(w->arena, &w->list, one);
}

enum tu_status tu_deadline_unwatched(struct tu_arena *arena, const struct tu_device *device,
	const struct tu_unwatched **out_list, size_t *out_count, struct tu_error *err)
{
	struct watching w = {.arena = arena, .device = device};
	size_t markets = device->markets.count;

	for (size_t i = 0; i < device->markets.count; i++)
		look_at(&w, device->markets.at[i]);
	for (size_t v = 0; v < device->variant_count; v++) {
		markets += device->variants[v].markets.count;
		for (size_t i = 0; i < device->variants[v].markets.count; i++)
			look_at(&w, device->variants[v].markets.at[i]);
	}
	if (!markets)
		look_at(&w, (struct tu_str){0});
	*out_list = w.list.at;
	*out_count = w.list.count;
	return w.failed ? tu_no_memory(err) : TU_OK;
}

const char *tu_unwatched_sentence(enum tu_unwatched_why why)
{
	static const char *const sentences[] = {
		[TU_UNWATCHED_NO_MARKET] = "not understood: name a country by its code",
		[TU_UNWATCHED_NO_RULES] = "no rules are known: its deadlines are not watched",
		[TU_UNWATCHED_PRODUCT] =
			("no rules are known for products that are no devices: its "
			 "deadlines are not watched"),
	};

	return sentences[why];
}

/* ---- events ---- */

const struct tu_deadline_word tu_deadline_more_events[] = {{"isao-told", false},
	{"death-known", false}, {"serious-event-known", false}, {"serious-incident-known", false},
	{"reportable-event-known:malfunction", false}, {"requested-event-known:malfunction", false},
	{"remedial-action-needed:malfunction", false}, {"report-803-sent:correction", true},
	{"report-803-5-sent:correction", true}, {"report-1004-sent:correction", true},
	{"deadline-waived", true}, {NULL, false}};

static bool names_event(const char *pattern, struct tu_str event)
{
	struct tu_str name = tu_str_c(pattern ? pattern : "");

	/* "stop:WORD" is what the stop event states. */
	return pattern && !tu_str_starts(name, TU_STR("stop:")) &&
		tu_str_eq(tu_str_first(name, tu_str_find(name, ':')), event);
}

bool tu_deadline_rule_knows(const struct tu_deadline_rule *rule, struct tu_str event)
{
	bool knows = names_event(rule->start, event) || names_event(rule->stop, event) ||
		names_event(rule->stop_too, event);

	for (size_t i = 0; i < TU_DEADLINE_START_MAX; i++)
		knows |= names_event(rule->start_too[i], event);
	for (size_t i = 0; i < TU_DEADLINE_EVIDENCE_MAX; i++)
		knows |= names_event(rule->evidence[i], event);
	return knows;
}

bool tu_deadline_knows_event(const struct tu_device *device, struct tu_str event)
{
	for (size_t i = 0; tu_deadline_rule_at(i); i++)
		if (tu_deadline_rule_knows(tu_deadline_rule_at(i), event))
			return true;
	for (size_t i = 0; i < device->policy.clock_count; i++)
		if (tu_str_eq(device->policy.clocks[i].start, event) ||
			tu_str_eq(device->policy.clocks[i].stop, event))
			return true;
	for (size_t i = 0; tu_deadline_more_events[i].pattern; i++)
		if (names_event(tu_deadline_more_events[i].pattern, event))
			return true;
	return false;
}
