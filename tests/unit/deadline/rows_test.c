/* Which rows a device has, which of its markets have none, and which events rows know. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include <tutela/buf.h>
#include <tutela/deadline.h>

enum { MARKETS_MAX = 4 };

/* "US EU" */
static struct tu_texts markets_of(const char *words, struct tu_str *room)
{
	struct tu_str rest = tu_str_c(words);
	size_t count = 0;

	while (rest.len && tu_str_split(&rest, ' ', &room[count]))
		count++;
	/* What comes after the last one is no market of the device. */
	for (size_t i = count; i < MARKETS_MAX; i++)
		room[i] = TU_STR("JP");
	return (struct tu_texts){room, count};
}

struct scene {
	char text[100];
	struct tu_str markets[MARKETS_MAX], of_variant[2][MARKETS_MAX];
	struct tu_variant variants[2];
	struct tu_device device;
	struct tu_arena *arena;
};

/* `markets`: of the device, then of each of two variants, with '/' between them. */
static void set_scene(struct scene *s, const char *markets, bool medical)
{
	char *part;

	*s = (struct scene){.arena = tu_arena_new(1 << 20)};
	assert_non_null(s->arena);
	assert_true(strlen(markets) < sizeof(s->text));
	memcpy(s->text, markets, strlen(markets) + 1);
	part = strchr(s->text, '/');
	s->device.medical = medical;
	s->device.variants = s->variants;
	for (size_t i = 0; part; i++) {
		char *next = strchr(part + 1, '/');

		*part++ = '\0';
		if (next)
			*next = '\0';
		s->variants[i].markets = markets_of(part, s->of_variant[i]);
		s->device.variant_count = i + 1;
		part = next;
	}
	s->device.markets = markets_of(s->text, s->markets);
}

static void expect_unwatched(const char *markets, bool medical, const char *wanted)
{
	const struct tu_unwatched *list = NULL;
	struct tu_error err = {0};
	struct scene s;
	struct tu_buf text;
	size_t count = 0;

	set_scene(&s, markets, medical);
	tu_buf_init(&text, 4096);
	assert_int_equal(tu_deadline_unwatched(s.arena, &s.device, &list, &count, &err), TU_OK);
	assert_true(list || !count);
	for (size_t k = 0; k < count; k++) {
		struct tu_str why = tu_str_c(tu_unwatched_sentence(list[k].why));

		tu_buf_printf(&text, "%s%.*s=%s %.*s: ", k ? "; " : "", TU_STR_FMT(list[k].market),
			list[k].code, TU_STR_FMT(tu_str_first(why, tu_str_find(why, ':'))));
	}
	if (!tu_str_eq(tu_buf_str(&text), tu_str_c(wanted)))
		fail_msg("%s: %.*s", markets, TU_STR_FMT(tu_buf_str(&text)));
	tu_buf_done(&text);
	tu_arena_free(s.arena);
}

static void markets_without_rows_are_named(void **state)
{
	static const struct {
		const char *markets;
		bool medical;
		const char *wanted; /* each market, with the code and how its sentence begins */
	} rows[] = {
		{"US EU CH CA", true, ""},
		{"US", true, ""},
		{"de", true, ""},
		{"JP", true, "JP=JP no rules are known: "},
		{"US japan", true, "japan=JP no rules are known: "},
		{"Atlantis", true, "Atlantis= not understood: "},
		{"JP JP", true, "JP=JP no rules are known: "},
		{"JP GB JP", true, "JP=JP no rules are known: ; GB=GB no rules are known: "},
		{"", true, "= not understood: "},
		/* of variants as well */
		{"/JP", true, "JP=JP no rules are known: "},
		{"/US", true, ""},
		{"US/EU/JP", true, "JP=JP no rules are known: "},
		{"GB/JP/US", true, "GB=GB no rules are known: ; JP=JP no rules are known: "},
		/* other products: rules in the EU only */
		{"EU", false, ""},
		{"US", false, "US=US no rules are known for products that are no devices: "},
		{"EU CA JP", false,
			"CA=CA no rules are known for products that are no devices: ; "
			"JP=JP no rules are known: "},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(rows); i++)
		expect_unwatched(rows[i].markets, rows[i].medical, rows[i].wanted);
}

static void own_rows_follow_the_built_in_ones(void **state)
{
	static const struct tu_own_clock own[] = {
		{.id = TU_STR_INIT("own-a"),
			.title = TU_STR_INIT("First assessment"),
			.start = TU_STR_INIT("learned"),
			.stop = TU_STR_INIT("assessed"),
			.when = TU_STR_INIT("controlled"),
			.amount = 3,
			.unit = TU_STR_INIT("hours")},
		{.id = TU_STR_INIT("own-b"),
			.start = TU_STR_INIT("learned"),
			.stop = TU_STR_INIT("assessed"),
			.amount = 4},
		{.id = TU_STR_INIT("own-c")}, /* after the last: none of the device's */
	};
	const struct tu_deadline_rule *const *rules = NULL;
	struct tu_error err = {0};
	struct scene s;
	size_t count = 0;
	(void)state;

	set_scene(&s, "JP", true);
	s.device.policy.clocks = own;
	s.device.policy.clock_count = 2;
	assert_int_equal(tu_deadline_rules(s.arena, &s.device, &rules, &count, &err), TU_OK);
	assert_int_equal(count, 2);
	assert_non_null(rules);
	assert_string_equal(rules[0]->id, "own-a");
	assert_string_equal(rules[0]->title, "First assessment");
	assert_string_equal(rules[0]->source, "the maker's own policy");
	assert_string_equal(rules[0]->jurisdiction, "");
	assert_string_equal(rules[0]->start, "learned");
	assert_string_equal(rules[0]->stop, "assessed");
	assert_int_equal(rules[0]->when, TU_WHEN_CONTROLLED);
	assert_int_equal(rules[0]->unit, TU_DEADLINE_HOURS);
	assert_int_equal(rules[0]->amount, 3);
	/* Without a title its name is shown; without words, as the format says. */
	assert_string_equal(rules[1]->title, "own-b");
	assert_int_equal(rules[1]->when, TU_WHEN_UNCONTROLLED);
	assert_int_equal(rules[1]->unit, TU_DEADLINE_DAYS);
	assert_true(tu_deadline_knows_event(&s.device, TU_STR("assessed")));
	tu_arena_free(s.arena);
	set_scene(&s, "US/EU", true);
	s.device.policy.clocks = own;
	s.device.policy.clock_count = 1;
	assert_int_equal(tu_deadline_rules(s.arena, &s.device, &rules, &count, &err), TU_OK);
	assert_string_equal(rules[0]->id, "fda-30");
	assert_string_equal(rules[count - 1]->id, "own-a");
	tu_arena_free(s.arena);
}

/* A row that means something else than its word would leave out deadlines. */
static void own_rows_of_unknown_words_are_refused(void **state)
{
	static const struct {
		struct tu_str when, unit;
		const char *said;
	} refused[] = {
		{TU_STR_INIT("exploitet"), TU_STR_INIT("days"), "own-a: \"when\" is \"exploitet\""},
		{TU_STR_INIT("Always"), TU_STR_INIT("days"), "own-a: \"when\" is \"Always\""},
		{TU_STR_INIT("always"), TU_STR_INIT("weeks"), "own-a: \"unit\" is \"weeks\""},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(refused); i++) {
		const struct tu_own_clock own = {.id = TU_STR("own-a"),
			.start = TU_STR("learned"),
			.stop = TU_STR("done"),
			.when = refused[i].when,
			.unit = refused[i].unit,
			.amount = 1};
		const struct tu_deadline_case c = {.risk = TU_RISK_CONTROLLED, .learned = 1};
		const struct tu_deadline_rule *const *rules = NULL;
		struct tu_deadlines clocks;
		struct tu_error err = {0};
		struct scene s;
		size_t count = 9;

		set_scene(&s, "US", true);
		s.device.policy.clocks = &own;
		s.device.policy.clock_count = 1;
		assert_int_equal(
			tu_deadline_rules(s.arena, &s.device, &rules, &count, &err), TU_E_USAGE);
		assert_int_equal(count, 0);
		assert_non_null(strstr(err.message, refused[i].said));
		assert_int_equal(
			tu_deadlines_run(s.arena, &s.device, &c, 2, &clocks, &err), TU_E_USAGE);
		assert_int_equal(clocks.count, 0);
		tu_arena_free(s.arena);
	}
}

/* An event that no row knows is probably misspelt. */
static void events_of_rows_are_known(void **state)
{
	static const char *const more[] = {"isao-told", "serious-event-known", "deadline-waived",
		"report-1004-sent", "rationale-documented", "fix-validated", "users-told",
		"mitigation-available", "customers-told", "report-803-5-sent"};
	static const char *const unknown[] = {"", "fix", "fix-distribute", "fix-distributed ",
		"customers-told:impact", "stop", "assessed", "impact", "malfunction", "correction"};
	struct tu_own_clock own = {.start = TU_STR("own-start"), .stop = TU_STR("own-stop")};
	struct tu_device device = {.medical = true};
	(void)state;

	for (size_t i = 0; tu_deadline_rule_at(i); i++) {
		assert_true(
			tu_deadline_knows_event(&device, tu_str_c(tu_deadline_rule_at(i)->start)));
		assert_true(
			tu_deadline_knows_event(&device, tu_str_c(tu_deadline_rule_at(i)->stop)));
	}
	for (size_t i = 0; i < TU_COUNT(more); i++)
		if (!tu_deadline_knows_event(&device, tu_str_c(more[i])))
			fail_msg("%s", more[i]);
	for (size_t i = 0; i < TU_COUNT(unknown); i++)
		if (tu_deadline_knows_event(&device, tu_str_c(unknown[i])))
			fail_msg("\"%s\"", unknown[i]);
	assert_false(tu_deadline_knows_event(&device, TU_STR("own-start")));
	device.policy.clocks = &own;
	assert_false(tu_deadline_knows_event(&device, TU_STR("own-start")));
	device.policy.clock_count = 1;
	assert_true(tu_deadline_knows_event(&device, TU_STR("own-start")));
	assert_true(tu_deadline_knows_event(&device, TU_STR("own-stop")));
}

static void names_are_those_shown(void **state)
{
	static const char *const states[] = {
		"waiting", "running", "met", "missed", "waived", "conditional"};
	static const char *const units[] = {"hours", "days", "working days", "months"};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(states); i++)
		assert_string_equal(tu_deadline_state_name((enum tu_deadline_state)i), states[i]);
	for (size_t i = 0; i < TU_COUNT(units); i++)
		assert_string_equal(tu_deadline_unit_name((enum tu_deadline_unit)i), units[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(markets_without_rows_are_named),
		cmocka_unit_test(own_rows_follow_the_built_in_ones),
		cmocka_unit_test(own_rows_of_unknown_words_are_refused),
		cmocka_unit_test(events_of_rows_are_known),
		cmocka_unit_test(names_are_those_shown),
	};

	return cmocka_run_group_tests_name("deadline rows", tests, NULL, NULL);
}
