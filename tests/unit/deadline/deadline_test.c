/*
 * tests/tables/deadline/rules.tsv: the state of each row at its edges (REQ-CASE-2,
 * REQ-CASE-3).
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include <tutela/deadline.h>

#include "base/time.h"
#include "table.h"

enum { EVENTS_MAX = 16, CONTENTS_MAX = 8, MARKETS_MAX = 8, NOTE = 8 };

struct scene {
	struct tu_arena *arena;
	struct tu_device device;
	struct tu_str markets[MARKETS_MAX];
	struct tu_own_clock own;
	struct tu_deadline_case c;
	struct tu_case_event events[EVENTS_MAX];
	const struct tu_case_event *list[EVENTS_MAX];
	struct tu_str contents[EVENTS_MAX][CONTENTS_MAX];
	struct tu_case_event after; /* the last event: no part of the case */
	struct tu_str word;
};

static bool has_word(struct tu_str words, const char *wanted)
{
	struct tu_str word;

	while (tu_str_split(&words, ' ', &word))
		if (tu_str_eq(word, tu_str_c(wanted)))
			return true;
	return false;
}

static int64_t time_in(const struct table *table, struct tu_str text)
{
	int64_t seconds;

	if (!tu_time_parse(text, &seconds))
		fail_msg("line %zu: \"%.*s\" is no time", table->line, TU_STR_FMT(text));
	return seconds;
}

/* "WHEN:AMOUNT:UNIT" */
static void set_own(struct scene *s, struct tu_str text)
{
	struct tu_str amount = text;
	uint64_t number;

	(void)tu_str_split(&text, ':', &s->own.when);
	(void)tu_str_split(&text, ':', &amount);
	assert_true(tu_str_to_u64(amount, 1000, &number));
	s->own.amount = (uint32_t)number;
	s->own.unit = text;
}

static void set_device(struct scene *s, struct tu_str words)
{
	struct tu_str rest = words, word;
	size_t markets = 0;

	while (tu_str_split(&rest, ' ', &s->markets[markets]) && markets + 1 < MARKETS_MAX)
		markets++; /* the other words are no markets */
	s->own = (struct tu_own_clock){.id = TU_STR("own-triage"),
		.start = TU_STR("learned"),
		.stop = TU_STR("assessed"),
		.when = TU_STR("always"),
		.amount = 5,
		.unit = TU_STR("working-days")};
	for (rest = words; tu_str_split(&rest, ' ', &word);)
		if (tu_str_skip(&word, TU_STR("own:")))
			set_own(s, word);
	s->device = (struct tu_device){.medical = !has_word(words, "other"),
		.markets = {s->markets, markets},
		.manufacturer.isao_member = has_word(words, "isao"),
		.policy.clocks = &s->own,
		.policy.clock_count = tu_str_search(words, TU_STR("own")) < words.len};
}

static void set_case(struct scene *s, const struct table *table)
{
	struct tu_str words = table->fields[1], word;

	s->c = (struct tu_deadline_case){.vulnerability = TU_STR("CVE-1-1"),
		.risk = has_word(words, "uncontrolled") ? TU_RISK_UNCONTROLLED : TU_RISK_CONTROLLED,
		.was_uncontrolled = has_word(words, "was-uncontrolled"),
		.was_controlled = has_word(words, "was-controlled"),
		.exploited = has_word(words, "kev")};
	while (tu_str_split(&words, ' ', &word))
		if (tu_str_skip(&word, TU_STR("kev="))) {
			s->c.exploited = true;
			s->c.exploited_since = time_in(table, word);
		} else if (word.len && tu_char_is_digit(word.ptr[0]))
			s->c.learned = time_in(table, word);
}

static void add_event(struct scene *s, const struct table *table, struct tu_str text)
{
	size_t n = s->c.event_count++;
	struct tu_case_event *event = &s->events[n];
	size_t at = tu_str_find(text, '@');
	struct tu_str rest = tu_str_from(text, at + 1), when, word;

	*event =
		(struct tu_case_event){.name = tu_str_first(text, at), .evidence = TU_STR("proof")};
	if (tu_str_ends(rest, TU_STR("!"))) {
		event->evidence = (struct tu_str){0};
		rest.len--;
	}
	assert_true(tu_str_split(&rest, '+', &when));
	event->at = time_in(table, when);
	event->contents.at = s->contents[n];
	while (tu_str_split(&rest, '+', &word))
		s->contents[n][event->contents.count++] = word;
	s->list[n] = event;
}

/* "us-803", or "us-803#2": the second deadline of the row. */
static const struct tu_deadline *find(const struct tu_deadlines *clocks, struct tu_str rule)
{
	size_t sign = tu_str_find(rule, '#');
	size_t nth = sign < rule.len ? (size_t)(rule.ptr[sign + 1] - '1') : 0;

	for (size_t i = 0; i < clocks->count; i++)
		if (tu_str_eq(tu_str_c(clocks->at[i].rule->id), tu_str_first(rule, sign)) && !nth--)
			return &clocks->at[i];
	return NULL;
}

static void check_lacking(const struct table *table, const struct tu_deadline *clock)
{
	struct tu_buf text;

	tu_buf_init(&text, 4096);
	assert_true(clock->lacking || !clock->lacking_count);
	for (size_t i = 0; i < clock->lacking_count; i++)
		tu_buf_printf(&text, "%s%s", i ? "," : "", clock->lacking[i]);
	if (!tu_str_eq(tu_buf_str(&text), table->fields[7]))
		fail_msg("line %zu: lacking %.*s", table->line, TU_STR_FMT(tu_buf_str(&text)));
	tu_buf_done(&text);
}

static void check(const struct table *table, const struct tu_deadlines *clocks)
{
	const struct tu_deadline *clock = find(clocks, table->fields[4]);
	const char *name = clock ? tu_deadline_state_name(clock->state) : "none";
	struct tu_str wanted = table->fields[5];
	size_t space = tu_str_find(wanted, ' ');

	if (!tu_str_eq(tu_str_c(name), tu_str_first(wanted, space)) ||
		(clock && clock->assumed) != (space < wanted.len))
		fail_msg("line %zu: %s%s", table->line, name,
			clock && clock->assumed ? " assumed" : "");
	if (!clock)
		return;
	if (clock->due != (table->fields[6].len ? time_in(table, table->fields[6]) : 0))
		fail_msg("line %zu: due %lld", table->line, (long long)clock->due);
	check_lacking(table, clock);
	if (table->count > NOTE && !tu_str_eq(clock->note, table->fields[NOTE]))
		fail_msg("line %zu: note \"%.*s\"", table->line, TU_STR_FMT(clock->note));
}

/*
 * What comes after the last event, content and market is not part of the case: whatever it is, the
 * answer is the same.
 */
static void put_after(struct scene *s, const char *event, const char *word, const char *market)
{
	struct tu_str name = tu_str_c(event ? event : "");
	size_t colon = tu_str_find(name, ':');

	for (size_t n = 0; n < s->c.event_count; n++)
		for (size_t k = s->events[n].contents.count; k < CONTENTS_MAX; k++)
			s->contents[n][k] = tu_str_c(word);
	for (size_t i = s->device.markets.count; i < MARKETS_MAX; i++)
		s->markets[i] = tu_str_c(market);
	s->after = (struct tu_case_event){.name = tu_str_first(name, colon),
		.at = s->c.learned ? s->c.learned : 1,
		.evidence = TU_STR("proof"),
		.contents = {&s->word, 1}};
	if (s->c.event_count && s->after.at < s->list[s->c.event_count - 1]->at)
		s->after.at = s->list[s->c.event_count - 1]->at;
	s->word = colon < name.len ? tu_str_from(name, colon + 1) : tu_str_c(word);
	for (size_t i = s->c.event_count; i < EVENTS_MAX; i++)
		s->list[i] = &s->after;
}

/* Of a deadline that was kept, the same is found in the events: when it was stopped, and its state
 * but for what others decide, the four conditions of the guidance. */
static void check_kept(
	struct scene *s, const struct table *table, int64_t at, const struct tu_deadlines *clocks)
{
	const struct tu_deadline_look look = {s->arena, &s->device, &s->c, at};
	size_t next = 0;

	for (size_t i = 0; i < clocks->count; i++) {
		const struct tu_deadline *d = &clocks->at[i];
		struct tu_deadline kept = {
			.rule = d->rule, .start = d->start, .due = d->due, .assumed = d->assumed};

		if (!d->start || d->rule->ahead || d->rule->announced)
			continue;
		if (!i || clocks->at[i - 1].rule != d->rule)
			next = d->rule->each
				? 0
				: EVENTS_MAX; /* counts only where each start has one */
		assert_int_equal(tu_deadline_look_again(&look, &kept, &next, NULL), TU_OK);
		if (kept.stopped != d->stopped || kept.lacking_count != d->lacking_count ||
			(kept.state != d->state && !d->rule->waivable))
			fail_msg("line %zu: %s: %s, stopped %lld, kept %s, %lld", table->line,
				d->rule->id, tu_deadline_state_name(d->state),
				(long long)d->stopped, tu_deadline_state_name(kept.state),
				(long long)kept.stopped);
	}
}

static void check_at(struct scene *s, const struct table *table)
{
	struct tu_error err = {0};
	struct tu_deadlines clocks, again;
	int64_t at = time_in(table, table->fields[3]);

	assert_int_equal(tu_deadlines_run(s->arena, &s->device, &s->c, at, &clocks, &err), TU_OK);
	check(table, &clocks);
	check_kept(s, table, at, &clocks);
	/* looking moves nothing: later, the due time is the same */
	assert_int_equal(
		tu_deadlines_run(s->arena, &s->device, &s->c, at + 86400, &again, &err), TU_OK);
	if (find(&clocks, table->fields[4]) && find(&again, table->fields[4]) &&
		find(&clocks, table->fields[4])->due)
		assert_true(find(&clocks, table->fields[4])->due ==
			find(&again, table->fields[4])->due);
}

static void check_in_each_setting(struct scene *s, const struct table *table)
{
	static const char *const words[] = {"impact", "efforts", "fix", "correction", "malfunction",
		"controls", "fda-30", "us-806"};
	static const char *const markets[] = {"US", "EU", "CH", "CA"};
	const struct tu_deadline_rule *rule = NULL;

	for (size_t i = 0; tu_deadline_rule_at(i) && !rule; i++)
		if (tu_str_starts(table->fields[4], tu_str_c(tu_deadline_rule_at(i)->id)))
			rule = tu_deadline_rule_at(i);
	for (size_t i = 0; i < TU_COUNT(words); i++) {
		const char *const events[] = {rule ? rule->start : "learned",
			rule ? rule->stop : "assessed", rule ? rule->stop_too : NULL,
			rule ? rule->evidence[0] : NULL, "deadline-waived", "exploitation-known",
			"death-known", "report-803-sent:correction"};

		put_after(s, events[i], words[i], markets[i % TU_COUNT(markets)]);
		check_at(s, table);
	}
}

static void run_case(struct scene *s, const struct table *table)
{
	struct tu_str events = table->fields[2], event;

	set_device(s, table->fields[0]);
	set_case(s, table);
	while (events.len && tu_str_split(&events, ';', &event))
		add_event(s, table, event);
	s->c.events = s->list;
	check_in_each_setting(s, table);
}

static void states_are_those_of_the_table(void **state)
{
	struct table table;
	size_t cases = 0;
	(void)state;

	table_open(&table, "deadline/rules.tsv");
	while (table_next(&table)) {
		struct scene *s = calloc(1, sizeof(*s));

		assert_non_null(s);
		s->arena = tu_arena_new(1 << 20);
		assert_non_null(s->arena);
		run_case(s, &table);
		tu_arena_free(s->arena);
		free(s);
		cases++;
	}
	assert_true(cases > 80);
	table_close(&table);
}

/* Every row can be checked against its source. */
static void rows_are_whole(void **state)
{
	(void)state;
	for (size_t i = 0; tu_deadline_rule_at(i); i++) {
		const struct tu_deadline_rule *rule = tu_deadline_rule_at(i);

		const char *const texts[] = {rule->id, rule->title, rule->source,
			rule->jurisdiction, rule->start, rule->stop};

		for (size_t k = 0; k < TU_COUNT(texts); k++)
			if (!texts[k] || !texts[k][0])
				fail_msg("row %zu has no text %zu", i + 1, k + 1);
		assert_true(strlen(rule->id) < 20);
		assert_true(rule->amount || strstr(rule->title, "before") ||
			strstr(rule->title, "same day") || strstr(rule->title, "on or before"));
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(rule->id, tu_deadline_rule_at(k)->id);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states_are_those_of_the_table),
		cmocka_unit_test(rows_are_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
